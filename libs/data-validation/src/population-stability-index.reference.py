"""Reference numbers for population-stability-index.spec.ts, by numpy and scipy:
python population-stability-index.reference.py > population-stability-index.reference.json"""
import json
import numpy as np
from scipy.stats import chi2, entropy

rng = np.random.default_rng(7)
cases = []
for name, reference, sample in [
    ("equal shares", [10, 20, 30, 40], [100, 200, 300, 400]),
    ("a shift by one standard deviation", np.histogram(rng.normal(0, 1, 5000), np.linspace(-4, 6, 11))[0], np.histogram(rng.normal(1, 1, 3000), np.linspace(-4, 6, 11))[0]),
    ("an empty bin", [50, 50, 0], [30, 30, 40]),
    ("two bins swapped", [90, 10], [10, 90]),
]:
    e = (np.asarray(reference) + 0.5) / (np.sum(reference) + 0.5 * len(reference))
    a = (np.asarray(sample) + 0.5) / (np.sum(sample) + 0.5 * len(sample))
    cases.append({"name": name, "reference": [int(x) for x in reference], "sample": [int(x) for x in sample],
                  "psi": float(entropy(a, e) + entropy(e, a))})  # both Kullback-Leibler divergences

# How often two samples of one population exceed the limit: nominal 1 %.
p = np.full(10, 0.1)
simulated = []
for n, m in [(200, 5000), (2000, 2000)]:
    e = (rng.multinomial(m, p, 20000) + 0.5) / (m + 5)
    a = (rng.multinomial(n, p, 20000) + 0.5) / (n + 5)
    psi = ((a - e) * np.log(a / e)).sum(axis=1)
    simulated.append({"n": n, "m": m, "quantile99": float(np.quantile(psi, 0.99))})

print(json.dumps({"cases": cases, "chiSquare99": {str(k): float(chi2.ppf(0.99, k)) for k in [1, 2, 3, 9, 30, 100]}, "simulated": simulated}, indent=1))
