"""Reference numbers for sliced-statistics.spec.ts, by pandas, numpy and scipy: python sliced-statistics.reference.py > sliced-statistics.reference.json

Weights with a few binary digits, so that sums of them are exact in any order. Moments of weighted rows are corrected by
the number of rows; quantiles are the smallest value that this share of the weight does not exceed (Hyndman and Fan, type 1).
"""
import json
import numpy as np
import pandas as pd
from scipy import stats

N = 20_000
i = np.arange(N, dtype=np.int64)
u = ((i * 2654435761) % 4294967296) / 4294967296.0
frame = pd.DataFrame({
    "x": np.where(i % 13 == 0, np.nan, np.round(u * u * 1000) / 8),
    "code": (i * 7919) % 5,
    "city": "city-" + pd.Series((i * 40503) % 7).astype(str),
    "weight": ((i * 31) % 16) / 8,
    "group": np.where(i % 17 == 0, None, np.where(i % 3 == 0, "a", "b")),
})
quantile_probabilities = [0.05, 0.25, 0.5, 0.75, 0.95]


def moments(x):
    return {"mean": float(x.mean()), "standardDeviation": float(x.std(ddof=1)), "skewness": float(stats.skew(x, bias=False)), "quantiles": np.quantile(x, quantile_probabilities).tolist()}


def weighted(x, w):
    x, w = x[w > 0], w[w > 0]
    n, mean = len(x), np.average(x, weights=w)
    variance = np.average((x - mean) ** 2, weights=w)
    skewness = np.average((x - mean) ** 3, weights=w) / variance ** 1.5
    order = np.argsort(x, kind="stable")
    upto = np.cumsum(w[order])
    quantiles = [float(x[order][np.searchsorted(upto, p * w.sum())]) for p in quantile_probabilities]
    return {"mean": float(mean), "standardDeviation": float(np.sqrt(variance * n / (n - 1))), "skewness": float(skewness * np.sqrt(n * (n - 1)) / (n - 2)), "quantiles": quantiles}


def described(rows):
    x = rows["x"].dropna().to_numpy()
    return {"rows": len(rows), "missing": int(rows["x"].isna().sum()), "zeros": int((x == 0).sum()), "distinct": int(pd.Series(x).nunique()), **moments(x), "city": rows["city"].value_counts().to_dict()}


present = frame[frame["x"].notna()]
print(json.dumps({
    "rows": N,
    "weighted": {
        "rows": float(frame["weight"].sum()), "missing": float(frame.loc[frame["x"].isna(), "weight"].sum()), "zeros": float(present.loc[present["x"] == 0, "weight"].sum()),
        **weighted(present["x"].to_numpy(), present["weight"].to_numpy()), "city": frame.groupby("city")["weight"].sum().to_dict(),
    },
    "slices": {"b": described(frame[frame["group"] == "b"]), "a": described(frame[frame["group"] == "a"]), "": described(frame[frame["group"].isna()])},
}, indent=1))
