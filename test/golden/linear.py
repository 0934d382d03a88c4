"""Golden values of test/models.linear.test.ts: scikit-learn's tf-idf, logistic regression and ridge.

numpy==2.4.6 pandas==3.1.1 scikit-learn==1.9.1.
Run: python test/golden/linear.py (writes linear.json beside itself; about a minute).
The clothing reviews (CC0) are read from data/; all other texts are made up here.
"""
import json
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
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
clothing["ridge"] = {"mse": float(((p - yb) ** 2).mean()), "first": rounded(p[:5])}
here.with_suffix(".json").write_text(json.dumps(
    {"texts": texts, "unseen": unseen, "stars": stars, "small": small, "fits": fits, "ridges": ridges,
     "clothing": clothing}) + "\n")
