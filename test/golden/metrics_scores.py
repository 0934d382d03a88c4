"""Golden values of test/metrics.*.test.ts, from scikit-learn, Keras and NumPy.

keras==3.15.1 numpy==2.4.6 scikit-learn==1.9.1 tensorflow-cpu==2.21.0.
Run: python test/golden/metrics_scores.py (writes metrics_scores.json beside itself).
"""
import json
import os
import warnings
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import sklearn
from sklearn import metrics
from sklearn.calibration import calibration_curve

warnings.filterwarnings("ignore")
RNG = np.random.RandomState(2024)
AVERAGES = ("micro", "macro", "weighted")


def number(x):
    return "NaN" if np.isnan(x) else float(x)


def scores(truth, predicted, **options):
    values = metrics.precision_recall_fscore_support(truth, predicted, **options)
    return [None if v is None else number(v) if np.ndim(v) == 0 else [number(x) for x in v] for v in values]


def classification(name, truth, predicted, labels=None, names=None):
    case = {"name": name, "truth": list(map(int, truth)), "predicted": list(map(int, predicted))}
    if labels is not None:
        case["labels"] = labels
    if names is not None:
        case["targetNames"] = names
    case["confusion"] = {
        str(n): metrics.confusion_matrix(truth, predicted, labels=labels, normalize=n).tolist()
        for n in (None, "true", "pred", "all")
    }
    case["accuracy"] = metrics.accuracy_score(truth, predicted)
    case["balanced"] = metrics.balanced_accuracy_score(truth, predicted)
    case["scores"] = [
        {
            "average": average,
            "zeroDivision": number(zero),
            "values": scores(truth, predicted, average=average, labels=labels, zero_division=zero),
        }
        for average in (None, *AVERAGES)
        for zero in (0, 1, np.nan)
    ]
    # With no row right, this version prints the support as a float: an accident, not copied.
    case["reports"] = [] if case["accuracy"] == 0 else [
        {
            "digits": digits,
            "text": metrics.classification_report(
                truth, predicted, labels=labels, target_names=names, digits=digits, zero_division=0
            ),
        }
        for digits in (2, 4)
    ]
    return case


def classifications():
    skewed = RNG.choice([1, 2, 3, 4, 5], 120, p=[0.04, 0.07, 0.12, 0.22, 0.55])
    guess = np.where(RNG.random_sample(120) < 0.6, skewed, RNG.choice([1, 2, 3, 4, 5], 120))
    three = RNG.randint(-1, 2, 60)
    return [
        classification("five stars", skewed, guess),
        classification("named", skewed, guess, names=["one", "two", "three", "four", "a very long class name"]),
        classification("some labels", skewed, guess, labels=[5, 2]),
        classification("labels beyond", skewed, guess, labels=[0, 1, 2, 3, 4, 5]),
        classification("three classes", three, RNG.permutation(three)),
        classification("constant prediction", three, np.ones(60, int)),
        classification("a class predicted only", [0, 0, 1, 1], [0, 2, 1, 2]),
        classification("a class never predicted", [0, 1, 2, 2], [0, 0, 2, 2]),
        classification("one class", [3, 3], [3, 3]),
        classification("half-way digits", [0] * 8 + [1] * 8, [0] * 7 + [1] + [1] * 5 + [0] * 3),
        classification("all wrong", [0, 1], [1, 0]),
    ]


def binaries():
    cases = []
    for truth, predicted, pos in (
        (RNG.randint(0, 2, 30), RNG.randint(0, 2, 30), 1),
        (RNG.randint(0, 2, 30), RNG.randint(0, 2, 30), 0),
        ([0, 0], [0, 0], 1),
        ([1, 1], [1, 1], 1),
        ([0, 1, 1], [0, 0, 0], 1),
    ):
        cases.append(
            {
                "truth": list(map(int, truth)),
                "predicted": list(map(int, predicted)),
                "posLabel": pos,
                "precision": float(metrics.precision_score(truth, predicted, pos_label=pos)),
                "recall": float(metrics.recall_score(truth, predicted, pos_label=pos)),
                "f1": float(metrics.f1_score(truth, predicted, pos_label=pos)),
            }
        )
    return cases


def softmax(x):
    e = np.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def aucs():
    """Scores are multiples of 1/64 or 1/4096: the same numbers in single precision."""
    n = 50
    binary = []
    truth = RNG.randint(0, 2, n)
    for name, y, s in (
        ("random", truth, RNG.randint(0, 4096, n) / 4096),
        ("ties", truth, RNG.randint(0, 5, n) / 4),
        ("constant", truth, np.full(n, 0.5)),
        ("perfect", truth, truth * 1.0),
        ("reversed", truth, 1.0 - truth),
        ("labels 3 and 7, any scale", truth * 4 + 3, RNG.randint(-400, 400, n) / 8),
    ):
        binary.append({"name": name, "truth": y.tolist(), "scores": s.tolist(), "auc": float(metrics.roc_auc_score(y, s))})

    classes = RNG.choice(4, n, p=[0.1, 0.2, 0.3, 0.4])
    raw = np.eye(4)[classes] + RNG.normal(0, 1, (n, 4))
    probabilities = softmax(raw)
    # Rounded so that rows still sum to 1 in single precision.
    probabilities[:, :3] = np.round(probabilities[:, :3] * 64) / 64
    probabilities[:, 3] = 1 - probabilities[:, :3].sum(1)
    ovr = {"truth": classes.tolist(), "scores": probabilities.tolist()}
    indicator = np.eye(4, dtype=int)[classes]
    many = RNG.randint(0, 2, (n, 3))
    many_scores = RNG.randint(0, 64, (n, 3)) / 64
    several = {"truth": many.tolist(), "scores": many_scores.tolist()}
    for average in (*AVERAGES, None):
        value = lambda x: x.tolist() if average is None else float(x)
        key = str(average)
        ovr[key] = value(metrics.roc_auc_score(classes, probabilities, multi_class="ovr", average=average))
        several[key] = value(metrics.roc_auc_score(many, many_scores, average=average))
    ovr["oneHot"] = float(metrics.roc_auc_score(indicator, probabilities))
    # A class without rows has no weight.
    wide = np.insert(probabilities, 2, 0, axis=1)
    shifted = np.where(classes >= 2, classes + 1, classes)
    ovr["absentWeighted"] = float(
        metrics.roc_auc_score(shifted, wide, multi_class="ovr", average="weighted", labels=[0, 1, 2, 3, 4])
    )
    return {"binary": binary, "ovr": ovr, "several": several}


def keras_aucs():
    cases = []
    for n, k, name in ((400, 5, "random"), (37, 3, "small"), (50, 2, "coarse"), (20, 3, "absent class"), (20, 2, "constant")):
        classes = RNG.randint(0, k - (name == "absent class"), n)
        p = softmax(2 * np.eye(k)[classes] + RNG.normal(0, 1.5, (n, k))).astype("float32")
        if name == "coarse":
            p = (np.round(p * 4) / 4).astype("float32")
        if name == "constant":
            p = np.full((n, k), 1 / k, "float32")
        truth = np.eye(k, dtype="float32")[classes]
        results = {}
        for multi in (True, False):
            for logits in (True, False):
                extra = {"num_labels": k} if multi else {}
                m = keras.metrics.AUC(multi_label=multi, from_logits=logits, **extra)
                for part in np.array_split(np.arange(n), 3):
                    m.update_state(truth[part], p[part])
                results[f"{multi} {logits}".lower()] = float(m.result())
        fifty = keras.metrics.AUC(num_thresholds=50)
        fifty.update_state(truth, p)
        results["fifty"] = float(fifty.result())
        cases.append({"name": name, "classes": classes.tolist(), "predicted": [float(x) for x in p.ravel()], "columns": k, "auc": results})
    return cases


def probability():
    n = 60
    truth = RNG.randint(0, 2, n)
    proba = np.clip(truth * 0.3 + RNG.random_sample(n) * 0.7, 0, 1)
    edges = RNG.randint(0, 11, n) / 10
    three = RNG.randint(0, 3, n)
    table = softmax(RNG.normal(0, 2, (n, 3)))
    curves = []
    for name, p in (("random", proba), ("on the edges", edges), ("constant", np.full(n, 0.3))):
        for bins in (5, 10, 3):
            for strategy in ("uniform", "quantile"):
                t, q = calibration_curve(truth, p, n_bins=bins, strategy=strategy)
                curves.append({"name": name, "p": p.tolist(), "bins": bins, "strategy": strategy, "probTrue": t.tolist(), "probPred": q.tolist()})
    return {
        "truth": truth.tolist(),
        "curves": curves,
        "binary": {"p": proba.tolist(), "loss": float(metrics.log_loss(truth, proba))},
        "edges": {"p": edges.tolist(), "loss": float(metrics.log_loss(truth, edges)), "loss32": float(metrics.log_loss(truth, edges.astype("float32")))},
        "three": {"truth": three.tolist(), "p": table.tolist(), "loss": float(metrics.log_loss(three, table))},
        "absent": {"truth": [0, 0, 2], "p": [[0.5, 0.25, 0.25], [1.0, 0, 0], [0.125, 0.125, 0.75]], "loss": float(metrics.log_loss([0, 0, 2], [[0.5, 0.25, 0.25], [1.0, 0, 0], [0.125, 0.125, 0.75]], labels=[0, 1, 2]))},
    }


def regressions():
    cases = []
    for truth, predicted in (
        (RNG.normal(5, 2, 40), RNG.normal(5, 2, 40)),
        ([1, 2, 3], [1, 2, 3]),
        ([1, 2, 3], [2, 2, 2]),
        ([1, 2, 3], [3, 2, 1]),
        ([-2, -2, -2], [-2, -2, -2]),
        ([-2, -2, -2], [-2, -2, -1]),
    ):
        cases.append(
            {
                "truth": list(map(float, truth)),
                "predicted": list(map(float, predicted)),
                "mse": float(metrics.mean_squared_error(truth, predicted)),
                "rmse": float(metrics.root_mean_squared_error(truth, predicted)),
                "mae": float(metrics.mean_absolute_error(truth, predicted)),
                "r2": float(metrics.r2_score(truth, predicted)),
            }
        )
    return cases


def bootstrap():
    n, resamples, seed = 80, 400, 11
    truth = RNG.randint(0, 3, n)
    first = np.where(RNG.random_sample(n) < 0.7, truth, RNG.randint(0, 3, n))
    second = np.where(RNG.random_sample(n) < 0.5, truth, RNG.randint(0, 3, n))
    f1 = lambda t, p: metrics.f1_score(t, p, average="macro")
    draw = np.random.RandomState(seed)
    rows = [draw.randint(0, n, n) for _ in range(resamples)]
    one = [f1(truth[r], first[r]) for r in rows]
    both = np.array([f1(truth[r], first[r]) - f1(truth[r], second[r]) for r in rows])
    share = min((both <= 0).sum(), (both >= 0).sum())
    # Rows i, i + 20, i + 40, … are one group; whole groups are drawn.
    draw, members = np.random.RandomState(seed), [np.arange(i, n, 20) for i in range(20)]
    rows = [np.concatenate([members[g] for g in draw.randint(0, 20, 20)]) for _ in range(resamples)]
    grouped = [np.mean(truth[r] == first[r]) for r in rows]
    return {
        "truth": truth.tolist(),
        "first": first.tolist(),
        "second": second.tolist(),
        "seed": seed,
        "resamples": resamples,
        "interval": [f1(truth, first), *np.quantile(one, [0.025, 0.975]).tolist()],
        "groupedAccuracy": [float(np.mean(truth == first)), *np.quantile(grouped, [0.025, 0.975]).tolist()],
        "interval80": np.quantile(one, [0.1, 0.9]).tolist(),
        "paired": [f1(truth, first) - f1(truth, second), *np.quantile(both, [0.025, 0.975]).tolist()],
        "pValue": float(min(1, 2 * (share + 1) / (resamples + 1))),
    }


def main():
    values = {
        "versions": {"keras": keras.__version__, "sklearn": sklearn.__version__, "numpy": np.__version__},
        "classification": classifications(),
        "binary": binaries(),
        "auc": aucs(),
        "kerasAuc": keras_aucs(),
        "probability": probability(),
        "regression": regressions(),
        "bootstrap": bootstrap(),
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(values))


main()
