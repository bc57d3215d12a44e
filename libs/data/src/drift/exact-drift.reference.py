"""Reference numbers for exact-drift.spec.ts, by scipy: python exact-drift.reference.py > exact-drift.reference.json"""
import json
import numpy as np
from scipy import stats

rng = np.random.default_rng(20010101)
columns = {
    "shifted": (rng.normal(0, 1, 900), rng.normal(0.25, 1, 700)),
    "same": (rng.normal(0, 1, 800), rng.normal(0, 1, 800)),
    "ties": (rng.poisson(1, 900).astype(float), rng.poisson(1.3, 700).astype(float)),
    "outlier": (np.append(rng.normal(0, 1, 500), 1e6), np.append(rng.normal(0.25, 1, 500), 1e6)),
    "huge": (rng.normal(0, 1, 300) * 1e300, rng.normal(1, 1, 300) * 1e300),
}
print(json.dumps([
    {
        "name": name, "reference": x.tolist(), "sample": y.tolist(), "winsorisedAt": np.quantile(x, [0.001, 0.999]).tolist(),
        "kolmogorovSmirnov": float(stats.ks_2samp(x, y).statistic),
        "wasserstein": float(stats.wasserstein_distance(x, y)) if name != "huge" else float(stats.wasserstein_distance(x / 1e300, y / 1e300)) * 1e300,
        "winsorised": float(stats.wasserstein_distance(*(np.clip(v, *np.quantile(x, [0.001, 0.999])) / (1e300 if name == "huge" else 1) for v in (x, y)))) * (1e300 if name == "huge" else 1),
    }
    for name, (x, y) in columns.items()
]))
