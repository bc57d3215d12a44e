"""Reference numbers for statistics-numbers.spec.ts, by pandas, numpy and scipy: python statistics.reference.py > statistics.reference.json

The rows are the same formulas there, in SQL; they round alike, as they only multiply, divide and take remainders.
"""
import json
import numpy as np
import pandas as pd
from scipy import stats

N = 300_000
i = np.arange(N, dtype=np.int64)
u = ((i * 2654435761) % 4294967296) / 4294967296.0
v = ((i * 40503) % 65536) / 65536.0
frame = pd.DataFrame({
    "spread": u * u * u * 1000.0 - 20.0,
    "far": 1e9 + u,
    "outlier": np.where(i == 77, 1e12, u),
    "heap": np.where(i % 5 < 2, 0.0, u - 0.25),
    "whole": (i * 2654435761) % 4294967296,
    "broken": np.select([i % 100 == 0, i % 1000 == 1, i % 1000 == 2], [np.nan, np.inf, -np.inf], u),
    "few": (v * 64).astype(np.int64) - 3,
})
missing = {"spread": i % 7 == 0}


def numbers(x):
    low, high = x.min(), x.max()
    deciles = np.quantile(x, np.arange(1, 10) / 10)
    closed_above = lambda edges: np.diff(np.concatenate([[0], np.searchsorted(np.sort(x), edges, side="right"), [len(x)]])).tolist()
    return {
        "minimum": float(low), "maximum": float(high), "mean": float(x.mean()), "standardDeviation": float(x.std(ddof=1)),
        "skewness": float(stats.skew(x, bias=False)), "zeros": int((x == 0).sum()), "distinct": int(pd.Series(x).nunique()),
        "quantiles": np.quantile(x, [0.05, 0.25, 0.5, 0.75, 0.95]).tolist(), "deciles": deciles.tolist(),
        "histogram": closed_above(np.unique(deciles)), "equalWidth": np.histogram(x, bins=100)[0].tolist(),
    }


columns = {}
for name in frame:
    x = frame[name].to_numpy()
    present = ~missing.get(name, np.zeros(N, bool))
    finite = np.isfinite(x) & present
    columns[name] = {"missing": int((~present).sum()), "nan": int(np.isnan(x[present]).sum()), "nonFinite": int((present & ~finite).sum()), **numbers(x[finite].astype(float))}

texts = pd.Series(np.where(i % 10 < 3, "often", "word-" + pd.Series((i * 40503) % 262144).astype(str)))
lengths = texts.str.len()
print(json.dumps({
    "rows": N, "columns": columns,
    "text": {"distinct": int(texts.nunique()), "minimumLength": int(lengths.min()), "maximumLength": int(lengths.max()), "meanLength": float(lengths.mean()), "often": int((texts == "often").sum())},
}, indent=1))
