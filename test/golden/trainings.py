"""Values of metrics/trainings.ts from SciPy and statsmodels: writes trainings.json."""

import json
from pathlib import Path

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import DescrStatsW, ttost_ind

first = [0.8606, 0.8582, 0.8227]
second = [0.8567, 0.8574, 0.856, 0.8571, 0.8566]
near_one = [0.985, 0.993, 0.9991]
errors = [0.0053, 0.0021, 0.0112, 0.0034]


def interval(values, to, back, level):
    moved = to(np.array(values))
    n = len(moved)
    scale = moved.std(ddof=1) * np.sqrt(1 + 1 / n)
    return [float(back(x)) for x in stats.t.interval(level, n - 1, loc=moved.mean(), scale=scale)]


def same(x):
    return x


logit, expit = scipy.special.logit, scipy.special.expit
predictions = [
    {"values": values, "options": {"scale": scale, "level": level}, "interval": interval(values, to, back, level)}
    for values, scale, to, back in [
        (first, "real", same, same),
        (first, "share", logit, expit),
        (near_one, "share", logit, expit),
        (errors, "positive", np.log, np.exp),
    ]
    for level in (0.95, 0.8)
]
equivalences = []
for values, target, margin in [(first, 0.8564, 0.01), (second, 0.8564, 0.01), (second, 0.84, 0.01), (errors, 0.006, 0.005)]:
    described = DescrStatsW(values)
    pvalue, _, _ = described.ttost_mean(target - margin, target + margin)
    low, high = described.tconfint_mean(alpha=0.1)
    equivalences.append(
        {"values": values, "target": target, "margin": margin, "pValue": pvalue, "lower": low - target, "upper": high - target}
    )
welches = []
for a, b in [(first, second), (near_one, second), (errors, first)]:
    test = stats.ttest_ind(a, b, equal_var=False)
    low, high = test.confidence_interval(0.95)
    welches.append({"first": a, "second": b, "pValue": test.pvalue, "lower": low, "upper": high})
holms = [
    {"pValues": p, "corrected": list(multipletests(p, method="holm")[1])}
    for p in [[0.01, 0.04, 0.03, 0.005], [0.5, 0.02, 0.02, 1.0, 0.0, 0.011], [0.2]]
]
# Three networks at once, each with each: Welch's test and the two one-sided tests, both corrected.
networks = {"a": first, "b": second, "c": [value + 0.004 for value in second]}
pairs = [("a", "b"), ("a", "c"), ("b", "c")]
differ = [stats.ttest_ind(networks[a], networks[b], equal_var=False).pvalue for a, b in pairs]
equal = [ttost_ind(networks[a], networks[b], -0.01, 0.01, usevar="unequal")[0] for a, b in pairs]
corrected, corrected_equal = (multipletests(p, method="holm")[1].tolist() for p in (differ, equal))
comparison = {"networks": networks, "margin": 0.01, "corrected": corrected, "equal": corrected_equal}
made_with = {"scipy": scipy.__version__, "statsmodels": statsmodels.__version__}
golden = {"madeWith": made_with, "predictions": predictions, "equivalences": equivalences, "welches": welches, "holms": holms, "comparison": comparison}
Path(__file__).with_suffix(".json").write_text(json.dumps(golden, indent=1) + "\n")
