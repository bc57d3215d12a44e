"""Reference counts for text-forms.spec.ts, by pandas and Python's codecs: python text-forms.reference.py > text-forms.reference.json

What each counts by has nothing in common with the SQL: numbers are what pandas.to_numeric reads, mojibake is what
becomes other text in UTF-8 when it is written in Latin-1 or Windows-1252 again.
"""
import json
import pandas as pd

values = [
    "1", "-2.5", "+3", "1e5", ".5", "7.", " 42 ", "nan", "NaN", "inf", "-Infinity", "1,5", "1_000", "0x10", "12abc", "abc12", "1.2.3", "--1", "1e", "e5", "",
    "007", "08123", "0", "0.5", "00", "2018-01-31", "31.12.2018", "1/2/2018", "2018-1-1 08:00", "tomorrow", "true", "False", " TRUE ", "yes",
    "NA", "n/a", "N/A ", "?", " ", "   ", "-", "--", ".", "null", "NULL", "None", "nil", "<NA>", "#N/A", "\\N", "unknown", "other", "nay", "nothing",
    "Zürich", "ZÃ¼rich", "Ã©tÃ©", "été", "donâ€™t", "don’t", "SÃ£o Paulo", "São Paulo, NÃO", "Ångström", "Â£5", "£5", "naïve café", "日本", "Ã", "straße", "straÃŸe", "Łódź",
]
tokens = {"", "?", "-", "--", ".", "na", "n/a", "null", "none", "nil", "nan", "<na>", "#n/a", "\\n"}


def misread(text):
    for codec in ("latin-1", "cp1252"):
        try:
            if text.encode(codec).decode("utf-8") != text:
                return True
        except UnicodeError:
            pass
    return False


s = pd.Series(values * 3)
stripped = s.str.strip()
is_token = stripped.str.lower().isin(tokens)
# Separators and other bases are Python's, not a file's; leading zeros make a code.
code = stripped.str.fullmatch(r"0\d+")
number = pd.to_numeric(stripped.str.replace("_", "x"), errors="coerce").notna() | stripped.str.lower().isin(["inf", "-infinity"])
is_number = number & ~is_token & ~code & ~stripped.str.startswith("0x")
forms = {
    "nullTokens": is_token, "codes": code, "numbers": is_number, "times": stripped.isin(["2018-01-31", "31.12.2018", "1/2/2018", "2018-1-1 08:00", "1.2.3"]),
    "truths": stripped.str.lower().isin(["true", "false"]), "mojibake": s.map(misread),
}

frame = pd.DataFrame({"i": range(1000)})
frame["a"] = frame.i.where(frame.i % 10 != 3)
frame["b"] = frame.i.where(frame.i % 20 != 3)
frame["c"] = frame.i.where(frame.i % 7 != 0)
gaps = frame[["a", "b", "c"]].isna()
together = gaps[gaps.sum(axis=1) > 1].apply(lambda row: ",".join(row.index[row]), axis=1).value_counts()
print(json.dumps({"values": values * 3, "forms": {name: int(found.sum()) for name, found in forms.items()}, "together": {k: int(v) for k, v in sorted(together.items())}}, ensure_ascii=False, indent=1))
