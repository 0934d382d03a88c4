"""The clothing study's arrays as pandas, scikit-learn and Keras make them: versions in requirements.txt.

    python test/golden/clothing_data.py     # writes clothing_data.json beside it
"""

import hashlib
import json
import os
import pathlib
import re
import string

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import pandas as pd
from keras.src.legacy.preprocessing.text import Tokenizer
from sklearn.model_selection import train_test_split

here = pathlib.Path(__file__).parent
reviews = pd.read_csv(here / "../../data/womens-clothing-reviews.csv.gz")
reviews = reviews[reviews["Review Text"].notnull()].copy()
source = (here / "../../lib/src/text/cleaning.ts").read_text()
stop_words = set(re.search(r"`(i me my.*?)`", source, re.S).group(1).split())
assert len(stop_words) == 179


def cleaned(text, remove):
    if remove:
        text = " ".join(word for word in text.split() if word.lower() not in stop_words)
    return re.sub(r"\s+", " ", text.translate(str.maketrans("", "", string.punctuation))).lstrip()


def sha(array):
    return hashlib.sha256(np.ascontiguousarray(array, "<i4").tobytes()).hexdigest()


def case(seed, stop_words_removed, title):
    frame = reviews.copy()
    text = frame["Review Text"]
    if title:
        text = frame["Title"].fillna("") + " " + text
    frame["clean"] = text.map(lambda t: cleaned(t, stop_words_removed))
    train, test = train_test_split(frame, test_size=0.2, random_state=42, stratify=frame["Rating"])
    validation = train.sample(frac=0.3, random_state=seed)
    train = train.drop(validation.index)
    tokenizer = Tokenizer(num_words=5000, split=" ")
    tokenizer.fit_on_texts(train["clean"].values)
    sequences = [tokenizer.texts_to_sequences(part["clean"].values) for part in (train, validation, test)]
    x = [keras.utils.pad_sequences(sequences[0])]
    x += [keras.utils.pad_sequences(part, maxlen=x[0].shape[1]) for part in sequences[1:]]
    counts = [part["Rating"].value_counts().sort_index().tolist() for part in (train, validation, test)]
    return {
        "seed": seed,
        "stopWords": "removed" if stop_words_removed else "kept",
        "text": "title and review" if title else "review",
        "shapes": [list(part.shape) for part in x],
        "counts": counts,
        "x": [sha(part) for part in x],
        "ratings": [sha(part["Rating"].values) for part in (train, validation, test)],
    }


cases = [case(1, True, False), case(2, True, False), case(1, False, True)]
target = pathlib.Path(__file__).with_suffix(".json")
versions = {"keras": keras.__version__, "pandas": pd.__version__, "numpy": np.__version__}
target.write_text(json.dumps({"versions": versions, "cases": cases}, indent=1) + "\n")
for each in cases:
    print(each["seed"], each["stopWords"], each["text"], each["shapes"], each["counts"])
