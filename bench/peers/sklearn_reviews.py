"""scikit-learn's tf-idf and logistic regression on the tables that bench/reviews.mjs wrote."""

import csv
import resource
import sys
import time
from itertools import islice
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline

folder = Path(sys.argv[1])


def rows(name):
    with open(folder / name, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield f"{row['title']}\n{row['text']}".strip(), int(row["rating"])


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


train, test = list(rows("train.csv")), list(rows("test.csv"))
for weight in (None, "balanced"):
    begun = time.perf_counter()
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        LogisticRegression(C=10, max_iter=300, class_weight=weight),
    )
    model.fit(*zip(*train))
    seconds = time.perf_counter() - begun
    predicted = model.predict([text for text, _ in test])
    score = f1_score([rating for _, rating in test], predicted, average="weighted")
    print(
        f"scikit-learn, training, class_weight={weight}: {seconds:.1f} s, "
        f"peak {peak():.0f} MB, weighted F1 {score:.4f}"
    )

begun = time.perf_counter()
count = 0
million = rows("million.csv")
with open(folder / "rated-sklearn.csv", "w", encoding="utf-8", newline="") as file:
    out = csv.writer(file)
    while batch := list(islice(million, 2000)):
        texts = [text for text, _ in batch]
        shares = model.predict_proba(texts)
        for text, share in zip(texts, shares):
            out.writerow([text, share @ model.classes_])
        count += len(batch)
seconds = time.perf_counter() - begun
print(
    f"scikit-learn, rating: {seconds:.1f} s, peak {peak():.0f} MB, {count / seconds:.0f} rows a second"
)
