"""Keras's Tokenizer by characters, and what Python's order of strings decides in scikit-learn.

Run with keras 3.15.1, scikit-learn 1.9.1, tensorflow-cpu 2.21.0 (see requirements.txt):

    python test/golden/text_edges.py

writes text_edges.json beside itself.
"""

import json
import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"

import numpy as np
from keras.src.legacy.preprocessing.text import Tokenizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import train_test_split

TEXTS = ["Größe, größer!", "", "a b  A", "😂😂 ！", "don't\tstop\n", "ÄÖ\u0130"]
LISTS = [["Ab", "c"], ["ab"]]
WORDS = ["😂", "！", "a", "z", "\ue000", "𝒳", "aa", "a😂", "a！", "日", "ﬁ", "\U0010ffff", "\uffff", "é", "Z"]
state = np.random.RandomState(3)


def by_characters(options):
    tokenizer = Tokenizer(char_level=True, **options)
    tokenizer.fit_on_texts(TEXTS)
    tokenizer.fit_on_texts(LISTS)
    sequences = tokenizer.texts_to_sequences(TEXTS + LISTS + ["xyz größe"])
    return {
        "options": options,
        "wordIndex": list(tokenizer.word_index.items()),
        "sequences": sequences,
        "texts": tokenizer.sequences_to_texts(sequences),
        "json": tokenizer.to_json(),
    }


def stratified():
    cases = []
    for seed in range(40):
        labels = list(state.choice(WORDS, 4, replace=False)) * int(state.randint(2, 6))
        labels = [str(label) for label in state.permutation(labels)]
        rows, columns = np.arange(len(labels)), np.arange(2 * len(labels)).reshape(-1, 2)
        train, test, x_train, x_test = train_test_split(
            rows, columns, test_size=0.5, random_state=seed, stratify=labels
        )
        assert (x_train == columns[train]).all() and (x_test == columns[test]).all()
        cases.append({"labels": labels, "seed": seed, "train": train.tolist(), "test": test.tolist()})
    return cases


def features():
    texts = [" ".join(state.choice(WORDS, 6)) for _ in range(9)]
    vectorizer = TfidfVectorizer(tokenizer=str.split, token_pattern=None, ngram_range=(1, 2))
    return {"texts": texts, "names": vectorizer.fit(texts).get_feature_names_out().tolist()}


document = {
    "texts": TEXTS,
    "lists": LISTS,
    "byCharacters": [by_characters(o) for o in ({}, {"lower": False}, {"num_words": 5, "oov_token": "?"})],
    "sorted": sorted(WORDS + [a + b for a in WORDS for b in WORDS]),
    "stratified": stratified(),
    "features": features(),
}
target = pathlib.Path(__file__).with_suffix(".json")
target.write_text(json.dumps(document, separators=(",", ":")) + "\n")
print(f"{target.name}: {target.stat().st_size} bytes")
