"""Reference counts for equal-width-bins.spec.ts, by numpy.histogram: python equal-width-bins.reference.py > equal-width-bins.reference.json

Numbers of which many lie on edges: whole ones over a range whose hundredth they are a multiple of, and edges themselves.
"""
import json
import numpy as np

rng = np.random.default_rng(19470101)
edges_of = lambda low, high: np.histogram_bin_edges([low, high], bins=100)
cases = {
    "years of education, 1 to 16": rng.integers(1, 17, 2000).astype(float),
    "hours per week, 1 to 99": np.clip(np.round(rng.normal(40, 12, 3000) / 5) * 5, 1, 99),
    "days of the week, 0 to 6": rng.integers(0, 7, 1000).astype(float),
    "0 to 100": rng.integers(0, 101, 3000).astype(float),
    "-50 to 50": rng.integers(-50, 51, 3000).astype(float),
    "tenths": rng.integers(-30, 71, 2000) / 10,
    "every edge": edges_of(-1.7, 12.9),
    "every edge, and the numbers beside it": np.concatenate([e := edges_of(0.1, 0.7), np.nextafter(e[1:-1], -np.inf), np.nextafter(e[1:-1], np.inf)]),
    "milliseconds": 1514764800000.0 + rng.integers(0, 181, 1500) * 86400000.0,
    "whole numbers beyond 2^53": 2.0**60 + rng.integers(0, 4001, 1000) * 512.0,
    "hardly above 0": np.array([0, 5e-324, 1e-310, 1e-308, 2e-307, 3e-307, 1e-305]),
    "large": edges_of(-8e307, 8e307),
}
out = []
for name, x in cases.items():
    values, counts = np.unique(x, return_counts=True)
    found, edges = np.histogram(x, bins=100)
    out.append({"name": name, "values": values.tolist(), "counts": counts.tolist(), "edges": edges[1:-1].tolist(), "histogram": found.tolist()})
print(json.dumps(out, separators=(",", ":")).replace('{"name"', '\n{"name"'))
