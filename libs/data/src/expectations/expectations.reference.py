"""Reference counts for measure-expectations.spec.ts, by pandas: python expectations.reference.py > expectations.reference.json

The rows are the same formulas there, in SQL: whole numbers only, so that both are exact.
"""
import json
import pandas as pd

N = 5000
NOW = pd.Timestamp("2026-01-20T00:00:00")
i = pd.Series(range(N))
h = (i * 7919 + 13) % 1000

frame = pd.DataFrame({
    "id": i.where(h >= 30, i // 7),
    "code": ("C" + (i % 50).astype(str)).where(h % 61 != 0),
    "airport": h.map(lambda x: None if x < 20 else ["ATL", "JFK", "LAX", "atl"][x % 4 if x % 97 == 0 else x % 3]),
    "delay": ((h - 400) / 4.0).where(h % 53 != 0),
    "departed": pd.Timestamp("2026-01-01") + pd.to_timedelta(i * 300 + (h % 7) * 100, unit="s"),
})
frame["arrived"] = (frame["departed"] + pd.to_timedelta((h - 25) * 60, unit="s")).where(h % 41 != 0)

counts = {}


def count(name, judged, good, asked=None):
    asked = pd.Series(True, index=frame.index) if asked is None else asked
    counts[name] = {"asked": int(asked.sum()), "judged": int((asked & judged).sum()), "unexpected": int((asked & judged & ~good).sum())}


every = pd.Series(True, index=frame.index)
count("key", every, ~frame.duplicated("id", keep=False) & frame["id"].notna())
compound = ["airport", "id"]
count("compound", every, ~frame.duplicated(compound, keep=False) & frame[compound].notna().all(axis=1))
some = h < 300
scoped = frame[some]
alone = ~scoped.duplicated("id", keep=False)
count("key of some", every, alone.reindex(frame.index, fill_value=True), some)
count("present", every, frame["code"].notna())
count("set", frame["airport"].notna(), frame["airport"].isin(["ATL", "JFK", "LAX"]))
count("pattern", frame["code"].notna(), frame["code"].fillna("").str.fullmatch("C[0-9]"))
count("range", frame["delay"].notna(), frame["delay"].between(-60.25, 100))
count("floor", frame["delay"].notna(), frame["delay"] >= -60.25)
count("order", frame["arrived"].notna(), frame["arrived"] >= frame["departed"])
count("strict order", frame["arrived"].notna(), frame["arrived"] > frame["departed"])
count("past", frame["arrived"].notna(), frame["arrived"] <= NOW - pd.Timedelta(days=5))
before = frame["departed"].shift()
count("monotone", every, ~(frame["departed"] < before))
present = frame[frame["delay"].notna()]
previous = present.groupby(present["code"].fillna("none"))["delay"].shift()
count("monotone per", frame["delay"].notna(), (~(present["delay"] <= previous)).reindex(frame.index, fill_value=True))
count("rule", every, (frame["delay"] < 100).fillna(False) | (frame["airport"] == "ATL"))
count("rule of some", every, frame["delay"].fillna(float("nan")) > -50, frame["airport"] == "JFK")

bad = frame.index[frame["delay"].notna() & ~frame["delay"].between(-60.25, 100)]
print(json.dumps({"rows": N, "counts": counts, "newest": int(frame["arrived"].max().timestamp() * 1000), "firstOutOfRange": [int(x) + 1 for x in bad[:25]],
                  "idsOutOfRange": [str(int(frame["id"][x])) for x in bad[:25]]}, indent=1))
