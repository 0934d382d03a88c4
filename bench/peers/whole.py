"""A study from raw text to test score, as far as it does not depend on the library that trains: texts to
ids, and scores. Keras's Tokenizer and spaCy's English tokens are what the studies use."""

import json
import string
from collections import Counter

import numpy as np

FILTERS = str.maketrans({c: " " for c in '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'})
PARTS = ("train", "validation", "test")


def read(file):
    with open(file) as text:
        return json.load(text)


def pad(sequences, length, where):
    table = np.zeros((len(sequences), length), dtype="int32")
    for row, ids in enumerate(sequences):
        if where == "pre":
            ids = ids[-length:]
            table[row, length - len(ids) :] = ids
        else:
            ids = ids[:length]
            table[row, : len(ids)] = ids
    return table


def clean(text, stop_words):
    """The clothing study's cleaning: stop words first, then punctuation."""
    kept = " ".join(word for word in text.split() if word.lower() not in stop_words)
    return " ".join(kept.translate(str.maketrans("", "", string.punctuation)).split())


def keras_words(text):
    return [word for word in text.lower().translate(FILTERS).split(" ") if word]


def tables(row, data):
    """Ids of the three parts, and the number of different ids."""
    texts = {part: data[part]["texts"] for part in PARTS}
    if row["tokens"] == "keras":
        if row.get("clean"):
            stop_words = set(data["stopWords"])
            texts = {part: [clean(text, stop_words) for text in all] for part, all in texts.items()}
        words = {part: [keras_words(text) for text in all] for part, all in texts.items()}
        counts = Counter(word for text in words["train"] for word in text)
        ranks = {
            word: i + 1 for i, (word, _) in enumerate(counts.most_common(row["vocabulary"] - 1))
        }
        ids = {
            part: [[ranks[w] for w in text if w in ranks] for text in all]
            for part, all in words.items()
        }
        length = row.get("length") or max(len(text) for text in ids["train"])
        return {part: pad(all, length, "pre") for part, all in ids.items()}, row["vocabulary"]
    import spacy

    tokenizer = spacy.blank("en").tokenizer
    words = {
        part: [[t.text.lower() for t in tokenizer(text)] for text in all]
        for part, all in texts.items()
    }
    counts = Counter(word for text in words["train"] for word in text)
    known = {word: i + 2 for i, word in enumerate(w for w, n in counts.items() if n >= 5)}
    length = sum(len(text) for text in words["train"]) // len(words["train"])
    ids = {
        part: [[known.get(w, 1) for w in text[:length]] for text in all]
        for part, all in words.items()
    }
    return {part: pad(all, length, "post") for part, all in ids.items()}, len(known) + 2


def labels(data):
    return {part: np.array(data[part]["labels"], dtype="int32") for part in PARTS}


def predicted(outputs):
    outputs = np.asarray(outputs)
    return (outputs[:, 0] > 0.5).astype("int32") if outputs.shape[1] == 1 else outputs.argmax(1)


def f1(truth, said, average):
    """F1 of the positive class, or over all classes: `macro`, or `weighted` by their rows."""
    classes = [1] if average == "binary" else np.unique(np.concatenate([truth, said]))
    scores, weights = [], []
    for one in classes:
        right = np.sum((truth == one) & (said == one))
        total = np.sum(truth == one) + np.sum(said == one)
        scores.append(2 * right / total if total else 0.0)
        weights.append(np.sum(truth == one))
    return float(np.average(scores, weights=weights if average == "weighted" else None))


def score(row, truth, outputs):
    """The study's test score."""
    said = predicted(outputs)
    return (
        f1(truth, said, "weighted")
        if row["score"] == "weightedF1"
        else float(np.mean(said == truth))
    )


def watched(row, truth, outputs):
    """What chooses the epoch in study 4: F1 of the validation rows."""
    return f1(truth, predicted(outputs), "binary" if row["classes"] == 1 else "macro")
