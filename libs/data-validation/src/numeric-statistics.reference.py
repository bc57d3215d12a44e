"""Reference numbers for numeric-statistics.spec.ts, by numpy and pandas: python numeric-statistics.reference.py > numeric-statistics.reference.json"""
import json
import numpy as np
import pandas as pd

rng = np.random.default_rng(20010101)
cases = {
    "skewed integers": np.floor(rng.exponential(20, 500)) - 10,
    "floats": rng.normal(3, 2, 200),
    "mostly zero": np.where(rng.random(300) < 0.8, 0, rng.integers(1, 9, 300)),
    "one value": np.array([7.5]),
    "far from zero": 1e12 + rng.normal(0, 1, 100),
}
out = []
for name, x in cases.items():
    values, counts = np.unique(x, return_counts=True)
    edges = np.unique(np.quantile(x, np.arange(1, 10) / 10))
    bins = np.histogram(-x, bins=np.concatenate([[-np.inf], -edges[::-1], [np.inf]]))[0][::-1]  # negated: bins closed above
    ten = np.histogram(x, bins=100)[0].reshape(10, 10).sum(axis=1) if len(values) > 1 else np.eye(10, dtype=int)[9] * len(x)
    weights = counts * (0.5 + np.arange(len(values)) % 3)
    mean = np.average(values, weights=weights)
    variance = np.average((values - mean) ** 2, weights=weights)
    out.append({
        "name": name,
        "values": values.tolist(),
        "counts": counts.tolist(),
        "mean": float(x.mean()),
        "standardDeviation": float(x.std(ddof=1)) if len(x) > 1 else 0,
        "skewness": float(pd.Series(x - np.median(x)).skew()) if len(values) > 1 else 0,
        "tenBins": ten.tolist(),
        "weighted": {
            "mean": float(mean),
            "standardDeviation": float(np.sqrt(variance * len(x) / (len(x) - 1))) if len(x) > 1 else 0,
            "quantiles": np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95], weights=weights, method="inverted_cdf").tolist(),
        },
        "zeros": int((x == 0).sum()),
        "quantiles": np.quantile(x, [0.05, 0.25, 0.5, 0.75, 0.95]).tolist(),
        "edges": edges.tolist(),
        "histogram": bins.tolist(),
    })
print(json.dumps(out, indent=1))
