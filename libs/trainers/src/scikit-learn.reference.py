"""Writes scikit-learn.reference.json: what scikit-learn answers on small data that both sides compute alike.

pip install scikit-learn==1.9.1 ; python scikit-learn.reference.py > scikit-learn.reference.json
"""
import json
import sys
import numpy as np
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import roc_auc_score, log_loss


def uniforms(count, seed):
    """A linear congruential generator (Numerical Recipes), so that the data needs no file."""
    state, out = seed, []
    for _ in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        out.append(state / 2**32)
    return np.array(out)


def features(rows, seed):
    u = uniforms(rows * 5, seed).reshape(rows, 5)
    x = np.column_stack([u[:, 0] * 4 - 2, np.floor(u[:, 1] * 6), u[:, 2] ** 2, (u[:, 3] < 0.3) * 1.0])
    # Both sides read float32.
    return x.astype(np.float32).astype(np.float64), u[:, 4]


def signal(x):
    return np.sin(2 * x[:, 0]) + (x[:, 1] == 2) * 1.5 - 2 * x[:, 2] * x[:, 3] - 0.3


x, noise = features(600, 1)
binary = (noise < 1 / (1 + np.exp(-signal(x)))).astype(int)
three = np.digitize(signal(x) + noise, [-0.2, 0.9])
number = signal(x) + noise

logistic = LogisticRegression(C=1 / 2.5, tol=1e-10, max_iter=10000).fit(x, binary)
multinomial = LogisticRegression(C=1 / 0.7, tol=1e-10, max_iter=10000).fit(x, three)
ridge = Ridge(alpha=3.0, solver="cholesky").fit(x, number)

big, big_noise = features(4000, 7)
gaps = np.where((np.arange(4000) % 7 == 0)[:, None] & (np.arange(4) == 0), np.nan, big)
big_binary = (big_noise < 1 / (1 + np.exp(-signal(big)))).astype(int)
big_number = signal(big) + big_noise
train, test = slice(0, 3000), slice(3000, 4000)
settings = dict(max_iter=60, learning_rate=0.1, max_leaf_nodes=15, min_samples_leaf=20, l2_regularization=1.0, max_bins=255, early_stopping=False, max_depth=None)
classifier = HistGradientBoostingClassifier(**settings).fit(gaps[train], big_binary[train])
regressor = HistGradientBoostingRegressor(**settings).fit(gaps[train], big_number[train])
probabilities = classifier.predict_proba(gaps[test])[:, 1]

json.dump(
    {
        "scikitLearn": sklearn.__version__,
        "logistic": {"coefficients": logistic.coef_[0].tolist(), "intercept": logistic.intercept_[0]},
        "multinomial": {"coefficients": multinomial.coef_.tolist(), "intercepts": multinomial.intercept_.tolist()},
        "ridge": {"coefficients": ridge.coef_.tolist(), "intercept": float(ridge.intercept_)},
        "gradientBoosting": {
            "rocAuc": roc_auc_score(big_binary[test], probabilities),
            "logLoss": log_loss(big_binary[test], probabilities),
            "rmse": float(np.sqrt(np.mean((regressor.predict(gaps[test]) - big_number[test]) ** 2))),
        },
    },
    sys.stdout,
    indent=2,
)
print()
