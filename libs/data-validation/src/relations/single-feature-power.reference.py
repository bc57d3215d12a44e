"""Reference numbers for single-feature-power.spec.ts, by scikit-learn: python single-feature-power.reference.py > single-feature-power.reference.json"""
import json
import numpy as np
from sklearn.metrics import r2_score, roc_auc_score

rng = np.random.default_rng(7)
PRIOR = 6


def case(name, bins, label, n=800):
    bins = np.asarray(bins)
    half = rng.integers(0, 2, n)
    sums, aucs, r2s = [], [], []
    for b in np.unique(bins):
        sums.append([[int(((bins == b) & (half == h)).sum()), float(label[(bins == b) & (half == h)].sum()), float((label[(bins == b) & (half == h)] ** 2).sum())] for h in (0, 1)])
    for fitted in (0, 1):
        fit, judged = half == fitted, half != fitted
        overall = label[fit].mean()
        score = {b: (label[fit & (bins == b)].sum() + overall * PRIOR) / ((fit & (bins == b)).sum() + PRIOR) for b in np.unique(bins)}
        scores = np.array([score[b] for b in bins[judged]])
        if set(np.unique(label)) <= {0.0, 1.0}:
            aucs.append(roc_auc_score(label[judged], scores))
        r2s.append(max(r2_score(label[judged], scores), 0))
    return {"name": name, "bins": sums, "auc": float(np.mean(aucs)) if aucs else None, "r2": float(np.mean(r2s))}


x = rng.integers(0, 10, 800)
cases = [
    case("a feature that tells", x, (rng.random(800) < x / 10).astype(float)),
    case("one that tells both ends alike", x, (rng.random(800) < np.abs(x - 4.5) / 5).astype(float)),
    case("one that tells nothing", x, (rng.random(800) < 0.3).astype(float)),
    case("an identifier", np.arange(800), (rng.random(800) < 0.3).astype(float)),
    case("a leak", x > 4, (x > 4).astype(float)),
    case("a number", x, x * 3.0 + rng.normal(0, 4, 800)),
]
print(json.dumps(cases, indent=1))
