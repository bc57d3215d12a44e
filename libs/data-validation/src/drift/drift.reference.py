"""
Reference numbers for the specs of drift, by numpy and scipy: python drift.reference.py > drift.reference.json
"""
import json
import numpy as np
from scipy import stats
from scipy.spatial.distance import jensenshannon

rng = np.random.default_rng(20010101)

significance = {
    "chiSquare": [[x, k, float(stats.chi2.sf(x, k))] for k in (1, 2, 3, 4, 9, 10, 30, 99, 101, 400) for x in (1e-6, 0.1, 0.5, 3.0, 9.0, 21.7, 60.0, 135.0, 450.0, 900.0)],
    "normal": [[z, float(2 * stats.norm.sf(z))] for z in (0.0, 1e-9, 0.5, 1.0, 1.96, 2.5, 2.8284, 2.83, 3.0, 5.0, 8.0, 12.0, 30.0)],
    "kolmogorov": [[x, float(stats.kstwobign.sf(x))] for x in (0.1, 0.2, 0.3, 0.5, 0.8, 1.0, 1.17, 1.18, 1.2, 1.36, 1.63, 2.0, 3.0, 5.0)],
    "twoProportions": [],
    "fisher": [],
}
for a, n, b, m in ((30, 300, 55, 310), (500, 10000, 520, 9000), (0, 400, 40, 500), (150, 300, 151, 302)):
    p = (a + b) / (n + m)
    z = (a / n - b / m) / np.sqrt(p * (1 - p) * (1 / n + 1 / m))
    significance["twoProportions"].append([a, n, b, m, float(2 * stats.norm.sf(abs(z)))])
for a, n, b, m in ((0, 300, 4, 300), (3, 10, 9, 11), (0, 100000, 3, 500), (1, 5000, 0, 5000), (2, 40, 0, 3), (5, 6, 1, 9)):
    significance["fisher"].append([a, n, b, m, float(stats.fisher_exact([[a, n - a], [b, m - b]])[1])])

exact_ks = []
for n, m, shift in ((5, 7, 0.5), (20, 20, 0.9), (60, 100, 0.3), (300, 300, 0.2), (8, 8, 5.0)):
    x, y = rng.normal(0, 1, n), rng.normal(shift, 1, m)
    d, p = stats.ks_2samp(x, y, method="exact")
    exact_ks.append([float(d), n, m, float(p)])
significance["kolmogorovSmirnovExact"] = exact_ks

bins = []
for name, a, b in (
    ("close", [10, 20, 30, 40], [12, 19, 33, 36]),
    ("far", [100, 0, 5, 1], [1, 50, 5, 100]),
    ("one side much larger", [1000, 2000, 3000], [9, 20, 3]),
    ("nothing in common", [5, 0], [0, 8]),
    ("a category that neither has", [5, 0, 7], [9, 0, 8]),
):
    p, q = np.array(a) / sum(a), np.array(b) / sum(b)
    used = [i for i in range(len(a)) if a[i] + b[i] > 0]
    chi2, p_value, dof, _ = stats.chi2_contingency([[a[i] for i in used], [b[i] for i in used]], correction=False)
    bins.append({
        "name": name, "reference": a, "sample": b,
        "jensenShannon": float(jensenshannon(p, q, base=2) ** 2),
        "hellinger": float(np.sqrt(np.sum((np.sqrt(p) - np.sqrt(q)) ** 2) / 2)),
        "lInfinity": float(np.max(np.abs(p - q))),
        "normalizedAbsoluteDifference": float(np.max(np.abs(np.array(a) - np.array(b))) / (sum(a) + sum(b))),
        "chiSquare": {"statistic": float(chi2), "degreesOfFreedom": int(dof), "pValue": float(p_value)},
    })

samples = []
for name, x, y in (
    ("normal, shifted", rng.normal(0, 1, 400), rng.normal(0.25, 1, 300)),
    ("the same population", rng.normal(0, 1, 500), rng.normal(0, 1, 500)),
    ("lognormal, scaled", rng.lognormal(0, 1, 500), 1.28 * rng.lognormal(0, 1, 350)),
    ("heavy ties", rng.poisson(1, 400).astype(float), rng.poisson(1.3, 300).astype(float)),
    ("an outlier of a million on both sides", np.append(rng.normal(0, 1, 400), 1e6), np.append(rng.normal(0.25, 1, 400), 1e6)),
    ("one value, and another", np.full(20, 3.0), np.full(30, 5.0)),
):
    low, high = np.quantile(x, [0.001, 0.999])
    probabilities = [0.001, 0.0025, 0.005, *[i / 100 for i in range(1, 100)], 0.995, 0.9975, 0.999]
    samples.append({
        "name": name, "reference": x.round(9).tolist(), "sample": y.round(9).tolist(),
        "kolmogorovSmirnov": float(stats.ks_2samp(x.round(9), y.round(9)).statistic),
        "wasserstein": float(stats.wasserstein_distance(x.round(9), y.round(9))),
        "winsorised": float(stats.wasserstein_distance(np.clip(x.round(9), low, high), np.clip(y.round(9), low, high))),
        "winsorisedAt": [float(low), float(high)],
    })

p_values = sorted(rng.random(20) ** 3)
print(json.dumps({
    "significance": significance, "bins": bins, "samples": samples,
    "falseDiscovery": {"pValues": [float(p) for p in p_values], "adjusted": [float(p) for p in stats.false_discovery_control(p_values)]},
}, indent=1))
