"""Reference numbers for told-apart.spec.ts, by scikit-learn and scipy: python told-apart.reference.py > told-apart.reference.json"""
import json
import numpy as np
from scipy import stats
from sklearn.metrics import roc_auc_score

rng = np.random.default_rng(20010101)
cases = []
for m, n, shift, ties in ((40, 30, 0.5, False), (100, 100, 0.0, False), (60, 80, 1.0, True), (50, 50, 9.0, False)):
    x, y = rng.normal(0, 1, m), rng.normal(shift, 1, n)
    if ties:
        x, y = x.round(), y.round()
    # DeLong's variance from its definition, pair by pair.
    above = (y[:, None] > x[None, :]) + 0.5 * (y[:, None] == x[None, :])
    cases.append({
        "reference": x.tolist(), "sample": y.tolist(), "area": float(roc_auc_score(np.r_[np.zeros(m), np.ones(n)], np.r_[x, y])),
        "variance": float(above.mean(axis=0).var(ddof=1) / m + above.mean(axis=1).var(ddof=1) / n),
        # Without ties and the correction for continuity.
        "pValue": float(stats.mannwhitneyu(y, x, alternative="greater", method="asymptotic", use_continuity=False).pvalue),
        "ties": ties,
    })
print(json.dumps(cases))
