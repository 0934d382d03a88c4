"""Golden values of test/models.linear.test.ts: scikit-learn's counts, tf-idf, logistic regression, ridge,
and naive Bayes weights.

numpy==2.4.6 pandas==3.1.1 scikit-learn==1.9.1.
Run: python test/golden/linear.py (writes linear.json beside itself; about a minute).
The clothing reviews (CC0) are read from data/; all other texts are made up here.
"""
import json
import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import diags
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, f1_score, mean_absolute_error, roc_auc_score
from sklearn.model_selection import train_test_split

here = Path(__file__)
rounded = lambda values: np.round(np.asarray(values, dtype=float), 9).tolist()

texts = [
    "Great dress, great fit: I wear it a lot!",
    "The fit is off & the colour isn't what I saw.",
    "Café colours; naïve cut. Size_8 fits, size 10 doesn't.",
    "great fit, great colour, great price 10",
    "Returned. Poor cut, poor fabric, poor fit",
    "",
    "I wear the dress and the café loves it ½ ² x",
]
unseen = ["great café, poor weather", "zzz", "the FIT the Fit"]
stars = [5, 2, 3, 5, 1, 3, 4]
small = []
for options in (
    {},
    {"ngram_range": (1, 2), "sublinear_tf": True},
    {"ngram_range": (1, 2), "min_df": 2},
    {"ngram_range": (2, 3)},
    {"max_features": 3, "sublinear_tf": True},
    {"analyzer": "char_wb", "ngram_range": (2, 4)},
    {"analyzer": "char_wb", "ngram_range": (5, 6), "min_df": 2, "sublinear_tf": True},
    {"binary": True, "ngram_range": (1, 2)},
):
    v = TfidfVectorizer(**options)
    x = v.fit_transform(texts)
    small.append({
        "options": options,
        "features": v.get_feature_names_out().tolist(),
        "idf": rounded(v.idf_),
        "rows": rounded(x.toarray()),
        "unseen": rounded(v.transform(unseen).toarray()),
    })

counts = []
for options in ({}, {"binary": True, "ngram_range": (1, 3)}, {"analyzer": "char_wb", "ngram_range": (1, 3), "min_df": 3}):
    v = CountVectorizer(**options)
    rows = v.fit_transform(texts).toarray().tolist()
    counts.append({"options": options, "features": v.get_feature_names_out().tolist(), "rows": rows,
                   "unseen": v.transform(unseen).toarray().tolist()})

# Wang and Manning (2012): log-count ratios (equation 2), and logistic regression on what they weigh.
def ratios(x, positive, alpha):
    p, q = alpha + np.asarray(x[positive].sum(0))[0], alpha + np.asarray(x[~positive].sum(0))[0]
    return np.log((p / p.sum()) / (q / q.sum()))

def naive_bayes(x, positive, alpha, interpolation, c, weight):
    """Weights and offset of one side against the other."""
    r = ratios(x, positive, alpha)
    m = LogisticRegression(C=c, class_weight=weight, tol=1e-10, max_iter=10000).fit(x @ diags(r), positive)
    return r * ((1 - interpolation) * np.abs(m.coef_[0]).mean() + interpolation * m.coef_[0]), m.intercept_[0]

x = CountVectorizer(binary=True, ngram_range=(1, 2)).fit_transform(texts)
naive = []
for labels in (stars, [0, 1, 1, 0, 1, 1, 0]):
    for alpha, interpolation, c, weight in ((1, 1, 1, None), (0.5, 1, 10, "balanced"), (1, 0.25, 1, None)):
        y = np.array(labels)
        sides = np.unique(y) if len(np.unique(y)) > 2 else [1]
        fitted = [naive_bayes(x, y == side, alpha, interpolation, c, weight) for side in sides]
        share = 1 / (1 + np.exp(-np.column_stack([x @ w + b for w, b in fitted])))
        proba = np.hstack([1 - share, share]) if len(sides) == 1 else share / share.sum(1, keepdims=True)
        naive.append({"labels": labels, "alpha": alpha, "interpolation": interpolation, "C": c,
                      "classWeight": weight, "ratios": rounded(ratios(x, y == sides[0], alpha)),
                      "coef": rounded(np.column_stack([w for w, _ in fitted])),
                      "intercept": rounded([b for _, b in fitted]), "proba": rounded(proba)})

x = TfidfVectorizer().fit_transform(texts)
fits = []
for labels in (stars, [0, 1, 1, 0, 1, 1, 0]):
    for c in (0.5, 20.0):
        for weight in (None, "balanced"):
            m = LogisticRegression(C=c, class_weight=weight, tol=1e-10, max_iter=10000).fit(x, labels)
            fits.append({"labels": labels, "C": c, "classWeight": weight, "coef": rounded(m.coef_.T),
                         "intercept": rounded(m.intercept_), "proba": rounded(m.predict_proba(x))})
ridges = []
for alpha in (0.1, 1.0, 10.0):
    m = Ridge(alpha, tol=1e-12).fit(x, stars)
    ridges.append({"alpha": alpha, "coef": rounded(m.coef_), "intercept": round(float(m.intercept_), 9)})

d = pd.read_csv(here.parents[2] / "data/womens-clothing-reviews.csv.gz")
d = d[d["Review Text"].notnull()]
a, b, ya, yb = train_test_split(d["Review Text"].values, d.Rating.values, test_size=0.2, random_state=42,
                                stratify=d.Rating.values)
start = time.time()
v = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
xa, xb = v.fit_transform(a), v.transform(b)
clothing = {
    "train": {"shape": list(xa.shape), "values": int(xa.nnz), "sum": float(xa.sum())},
    "test": {"shape": list(xb.shape), "values": int(xb.nnz), "sum": float(xb.sum())},
    "features": {str(i): v.get_feature_names_out()[i] for i in range(0, xa.shape[1], 9999)},
}
print("tf-idf", time.time() - start)
start = time.time()
m = LogisticRegression(C=4, max_iter=300, class_weight="balanced").fit(xa, ya)
print("logistic", time.time() - start, m.n_iter_)
p, proba = m.predict(xb), m.predict_proba(xb)
clothing["logistic"] = {
    "accuracy": accuracy_score(yb, p),
    "weightedF1": f1_score(yb, p, average="weighted"),
    "macroF1": f1_score(yb, p, average="macro"),
    "auc": roc_auc_score(yb, proba, multi_class="ovr"),
    "mae": mean_absolute_error(yb, p),
    "proba": rounded(proba[:5]),
}
start = time.time()
r = Ridge(1.0, tol=1e-8).fit(xa, ya)
print("ridge", time.time() - start)
p = r.predict(xb)

# Presence of words, pairs and triples; of characters the sum alone.
start = time.time()
v = CountVectorizer(ngram_range=(1, 3), binary=True, min_df=2)
xa, xb = v.fit_transform(a), v.transform(b)
positive = ya == 5
r = ratios(xa, positive, 1)
m = LogisticRegression(C=0.1, max_iter=1000, tol=1e-6).fit(xa @ diags(r), positive)
share = m.predict_proba(xb @ diags(r))[:, 1]
clothing["naiveBayes"] = {"shape": list(xa.shape), "accuracy": accuracy_score(yb == 5, share > 0.5),
                          "auc": roc_auc_score(yb == 5, share), "first": rounded(share[:5])}
print("naive Bayes", time.time() - start)
start = time.time()
characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True).fit_transform(a)
clothing["characters"] = {"shape": list(characters.shape), "values": int(characters.nnz),
                          "sum": float(characters.sum())}
print("characters", time.time() - start)
clothing["ridge"] = {"mse": float(((p - yb) ** 2).mean()), "first": rounded(p[:5])}
here.with_suffix(".json").write_text(json.dumps(
    {"texts": texts, "unseen": unseen, "stars": stars, "small": small, "counts": counts, "naive": naive, "fits": fits, "ridges": ridges,
     "clothing": clothing}) + "\n")
