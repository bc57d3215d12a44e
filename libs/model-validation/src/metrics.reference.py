"""Reference values for metrics.spec.ts, by scikit-learn. Run: python metrics.reference.py > metrics.reference.json

Needs scikit-learn >= 1.5 and numpy. The inputs are written with the values, so the test needs neither.
"""

import json

import numpy as np
import sklearn
from sklearn import metrics as m

rng = np.random.default_rng(20010101)


def binary(name, labels, probabilities, threshold=0.5):
    labels, probabilities = np.asarray(labels, float), np.asarray(probabilities, float)
    predicted = (probabilities >= threshold).astype(float)
    both = len(set(labels)) == 2
    positives, negatives = (labels == 1).any(), (labels == 0).any()
    return {
        "name": name,
        "threshold": threshold,
        "labels": labels.tolist(),
        "probabilities": probabilities.tolist(),
        "metrics": {
            "rocAuc": m.roc_auc_score(labels, probabilities) if both else None,
            "prAuc": m.average_precision_score(labels, probabilities) if positives else None,
            "logLoss": m.log_loss(labels, np.column_stack([1 - probabilities, probabilities]), labels=[0, 1]),
            "brier": m.brier_score_loss(labels, probabilities, pos_label=1),
            "accuracy": m.accuracy_score(labels, predicted),
            "precision": m.precision_score(labels, predicted) if predicted.any() else None,
            "recall": m.recall_score(labels, predicted) if positives else None,
            "f1": m.f1_score(labels, predicted) if positives or predicted.any() else None,
            "specificity": m.recall_score(labels, predicted, pos_label=0) if negatives else None,
            "balancedAccuracy": m.balanced_accuracy_score(labels, predicted) if both else None,
        },
    }


def multiclass(name, labels, probabilities):
    labels, probabilities = np.asarray(labels), np.asarray(probabilities, float)
    k = probabilities.shape[1]
    predicted = probabilities.argmax(axis=1)
    complete = len(set(labels.tolist())) == k
    return {
        "name": name,
        "classes": [f"class {i}" for i in range(k)],
        "labels": labels.tolist(),
        "probabilities": probabilities.ravel().tolist(),
        "metrics": {
            "rocAuc": m.roc_auc_score(labels, probabilities, multi_class="ovr", average="macro") if complete else None,
            "logLoss": m.log_loss(labels, probabilities, labels=list(range(k))),
            "accuracy": m.accuracy_score(labels, predicted),
            "macroF1": m.f1_score(labels, predicted, average="macro"),
        },
    }


def regression(name, labels, predictions):
    labels, predictions = np.asarray(labels, float), np.asarray(predictions, float)
    return {
        "name": name,
        "labels": labels.tolist(),
        "predictions": predictions.tolist(),
        "metrics": {
            "rmse": m.root_mean_squared_error(labels, predictions),
            "mae": m.mean_absolute_error(labels, predictions),
            "r2": m.r2_score(labels, predictions) if len(set(labels)) > 1 else None,
            "bias": float(np.mean(predictions - labels)),
            "mape": m.mean_absolute_percentage_error(labels, predictions) if (labels != 0).all() else None,
        },
    }


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


n = 200
y = (rng.random(n) < 0.3).astype(int)
p = np.clip(0.3 + 0.2 * (y - 0.3) + 0.2 * rng.standard_normal(n), 0.001, 0.999)
classes = rng.integers(0, 4, 150)
logits = rng.standard_normal((150, 4)) + 1.5 * np.eye(4)[classes]
answers = rng.normal(50, 10, 120)

print(json.dumps({
    "made_with": f"scikit-learn {sklearn.__version__}",
    "binary": [
        binary("distinct scores", y, p),
        binary("a threshold of 0.3", y, p, 0.3),
        binary("many ties", y, np.round(p, 1)),
        binary("constant scores", y[:50], np.full(50, 0.25), 0.25),
        binary("perfect and certain", [0, 0, 1, 1], [0.0, 0.0, 1.0, 1.0]),
        binary("certain and wrong", [0, 1, 1, 0], [1.0, 0.0, 0.7, 0.2]),
        binary("positive rows only", [1, 1, 1], [0.2, 0.6, 0.6]),
        binary("negative rows only", [0, 0, 0], [0.2, 0.1, 0.4]),
        binary("one row", [1], [0.8]),
    ],
    "multiclass": [
        multiclass("four classes", classes, softmax(logits)),
        multiclass("tied probabilities", [0, 1, 2, 2, 1, 0], [[0.4, 0.4, 0.2], [0.2, 0.4, 0.4], [0.25, 0.25, 0.5], [0.4, 0.2, 0.4], [0.5, 0.25, 0.25], [0.4, 0.3, 0.3]]),
        multiclass("a class that never occurs and is never predicted", [0, 1, 1, 0], [[0.7, 0.2, 0.1], [0.3, 0.6, 0.1], [0.5, 0.4, 0.1], [0.6, 0.3, 0.1]]),
        multiclass("a class that is only predicted", [0, 1, 1, 0], [[0.7, 0.2, 0.1], [0.1, 0.2, 0.7], [0.1, 0.8, 0.1], [0.6, 0.3, 0.1]]),
    ],
    "regression": [
        regression("normal errors", answers, answers + rng.normal(1, 3, 120)),
        regression("labels with zeros", [0.0, 1.0, -2.0, 3.5], [0.5, 0.5, -1.0, 4.0]),
        regression("constant labels", [0.1, 0.1, 0.1], [0.2, 0.1, 0.3]),
        regression("far from the mean", [1e9 + 1, 1e9 + 2, 1e9 + 3], [1e9 + 1.5, 1e9 + 2, 1e9 + 2]),
    ],
}, indent=1))
