"""What scikit-learn's metrics make of many small and odd inputs: values, report texts, refusals.

Run with scikit-learn 1.9.1, numpy 2.4.6 (see requirements.txt):

    python test/golden/metrics_edges.py

writes metrics_edges.json beside itself. Of a function that raises "refused" is stored, of NaN "nan".
"""

import json
import pathlib
import warnings

import numpy as np
from sklearn import metrics
from sklearn.calibration import calibration_curve

warnings.simplefilter("ignore")
state = np.random.RandomState(11)


def plain(value):
    if isinstance(value, (tuple, list, np.ndarray)):
        return [plain(each) for each in value]
    if value is None or isinstance(value, str):
        return value
    return "nan" if np.isnan(value) else round(float(value), 9)


def attempt(function):
    try:
        return plain(function())
    except (ValueError, TypeError):
        return "refused"


def classes():
    """Pairs of labels: few classes, many classes, all right, none right, one class, fractions."""
    kinds = []
    for i in range(36):
        rows, count = state.randint(1, 9), state.randint(1, 5)
        truth = state.randint(0, count, rows) + state.choice([-1, 0, 3])
        predicted = truth + (state.rand(rows) < [0, 0.3, 1][i % 3]) * state.randint(1, 3, rows)
        kinds.append((truth, predicted))
    kinds.append((np.array([0, 1, 1]), np.array([0.2, 0.8, 0.9])))
    kinds.append((np.array([0.5, 1.5]), np.array([0.5, 1.5])))
    return kinds


def classification(truth, predicted):
    present = sorted(set(truth.tolist()) | set(predicted.tolist()))
    case = {"truth": truth.tolist(), "predicted": predicted.tolist()}
    case["accuracy"] = attempt(lambda: metrics.accuracy_score(truth, predicted))
    case["balanced"] = attempt(lambda: metrics.balanced_accuracy_score(truth, predicted))
    case["reports"], case["scores"], case["confusion"] = [], [], []
    for labels in (None, present[:1], present[::-1], [], [99]):
        given = None if labels is None else [int(label) for label in labels]
        report = attempt(lambda: metrics.classification_report(truth, predicted, labels=given, digits=3))
        case["reports"].append({"labels": given, "text": report})
        confusion = attempt(lambda: metrics.confusion_matrix(truth, predicted, labels=given))
        case["confusion"].append({"labels": given, "matrix": confusion})
        for average in ("micro", "macro", "weighted", None):
            for zero in (0, 1, float("nan")):
                scores = attempt(
                    lambda: metrics.precision_recall_fscore_support(
                        truth, predicted, labels=given, average=average, zero_division=zero
                    )[:3]
                )
                case["scores"].append(
                    {"labels": given, "average": average, "zero": plain(zero), "scores": scores}
                )
    case["binary"] = [
        {"posLabel": pos, "f1": attempt(lambda: metrics.f1_score(truth, predicted, pos_label=pos))}
        for pos in (1, 0, 7)
    ]
    return case


def ranking():
    cases = []
    for i in range(30):
        rows = state.randint(2, 9)
        scores = np.round(state.rand(rows) * 5) / 5
        truth = state.randint(0, [1, 2, 2][i % 3], rows)
        cases.append(
            {
                "truth": truth.tolist(),
                "scores": scores.tolist(),
                "auc": attempt(lambda: metrics.roc_auc_score(truth, scores)),
            }
        )
    tables = []
    for i in range(30):
        rows, columns = state.randint(2, 7), state.randint(2, 4)
        truth = (state.rand(rows, columns) < [0.5, 0.2, 0][i % 3]).astype(int)
        scores = np.round(state.rand(rows, columns) * 8) / 8
        tables.append(
            {
                "truth": truth.tolist(),
                "scores": scores.tolist(),
                "auc": {
                    str(average): attempt(lambda: metrics.roc_auc_score(truth, scores, average=average))
                    for average in ("macro", "weighted", "micro", None)
                },
            }
        )
    rest = []
    for i in range(20):
        rows = state.randint(3, 8)
        weights = state.randint(1, 5, (rows, 3)) / 1.0
        scores = weights / weights.sum(axis=1, keepdims=True)
        truth = state.randint(0, [3, 2, 1][i % 3], rows)
        rest.append(
            {
                "truth": truth.tolist(),
                "scores": scores.tolist(),
                "auc": {
                    str(average): attempt(
                        lambda: metrics.roc_auc_score(
                            truth, scores, multi_class="ovr", labels=[0, 1, 2], average=average
                        )
                    )
                    for average in ("macro", "weighted", None)
                },
                "logLoss": attempt(lambda: metrics.log_loss(truth, scores, labels=[0, 1, 2])),
            }
        )
    return {"binary": cases, "tables": tables, "oneVsRest": rest}


def calibration():
    cases = []
    for i in range(20):
        rows, bins = state.randint(1, 12), int(state.randint(1, 6))
        truth, p = state.randint(0, 2, rows), np.round(state.rand(rows) * 4) / 4
        for strategy in ("uniform", "quantile"):
            curve = attempt(lambda: calibration_curve(truth, p, n_bins=bins, strategy=strategy))
            cases.append(
                {"truth": truth.tolist(), "p": p.tolist(), "bins": bins, "strategy": strategy, "curve": curve}
            )
    return cases


document = {
    "classification": [classification(*pair) for pair in classes()],
    "ranking": ranking(),
    "calibration": calibration(),
}
target = pathlib.Path(__file__).with_suffix(".json")
target.write_text(json.dumps(document, separators=(",", ":")) + "\n")
print(f"{target.name}: {target.stat().st_size} bytes")
