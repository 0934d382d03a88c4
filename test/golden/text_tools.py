"""Golden values of test/text.*.test.ts: Keras's Tokenizer and pad_sequences, scikit-learn's
train_test_split, pandas' sample, Python's own string functions.

keras==3.15.1 numpy==2.4.6 pandas==3.1.1 scikit-learn==1.9.1.
Run: python test/golden/text_tools.py (writes text_tools.json beside itself).
The clothing reviews (CC0) are read from data/; all other texts are made up here.
"""
import hashlib
import json
import os
import re
import string
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np
import pandas as pd
import sklearn
from keras.src.legacy.preprocessing.text import Tokenizer
from sklearn.model_selection import train_test_split

HERE = Path(__file__).parent

# nltk.corpus.stopwords.words("english") of NLTK 3.8 and before.
STOP_WORDS = set("""
i me my myself we our ours ourselves you you're you've you'll you'd your yours yourself
yourselves he him his himself she she's her hers herself it it's its itself they them their
theirs themselves what which who whom this that that'll these those am is are was were be been
being have has had having do does did doing a an the and but if or because as until while of at
by for with about against between into through during before after above below to from up down
in out on off over under again further then once here there when where why how all any both each
few more most other some such no nor not only own same so than too very s t can will just don
don't should should've now d ll m o re ve y ain aren aren't couldn couldn't didn didn't doesn
doesn't hadn hadn't hasn hasn't haven haven't isn isn't ma mightn mightn't mustn mustn't needn
needn't shan shan't shouldn shouldn't wasn wasn't weren weren't won won't wouldn wouldn't
""".split())

TEXTS = [
    "The dress is lovely, the colour is lovely; the fit isn't!",
    "I don't like it. I DON'T like it at all (really).",
    "",
    "   ",
    "!!! ... ???",
    "10 out of 10, size 10; 2 of 2. 007",
    "Größe wie erwartet, schöner Stoff – très jolie robe, l'été arrive",
    "Ärger ÄRGER ärger İstanbul ΟΔΟΣ οδος straße STRASSE ẞ",
    "日本語 のテキスト。日本語 のテキスト",
    "emoji 😍😍 and 😍 again",
    "tabs\tand\nlines\r\nand\u00a0no-break \u2003spaces",
    "constructor __proto__ toString hasOwnProperty constructor",
    "under_score hy-phen e-mail@example.org http://example.org/a?b=c",
    "it's its 'quoted' rock'n'roll",
    "the the the and and a",
]
LATER = [
    "The unseen words of an unseen dress, lovely",
    "",
    "10 007 zzz it's constructor valueOf",
    "ΟΔΟΣ 😍 日本語 straße",
]
LISTS = [["The", "Dress", "IS", ""], ["the", "a b", "dress"], []]

OPTIONS = [
    {},
    {"num_words": 5},
    {"num_words": 1},
    {"oov_token": "<OOV>"},
    {"num_words": 6, "oov_token": "<OOV>"},
    {"oov_token": "the"},
    {"lower": False, "num_words": 20},
    {"filters": ""},
    {"filters": "aeiou,."},
    {"split": "-"},
    {"split": "--", "filters": ",."},
    {"filters": "😍,", "split": "|"},
]


def tokenizer_case(options):
    tokenizer = Tokenizer(**options)
    tokenizer.fit_on_texts(TEXTS[:7])
    tokenizer.fit_on_texts(TEXTS[7:])
    sequences = tokenizer.texts_to_sequences(TEXTS + LATER)
    return {
        "options": options,
        "wordIndex": list(tokenizer.word_index.items()),
        "wordCounts": list(tokenizer.word_counts.items()),
        "documentCount": tokenizer.document_count,
        "sequences": sequences,
        "texts": tokenizer.sequences_to_texts(sequences + [[0, 1, 2, 10**6], []]),
        "json": tokenizer.to_json(),
    }


def lists_case():
    tokenizer = Tokenizer(oov_token="?")
    tokenizer.fit_on_texts(LISTS)
    return {
        "wordIndex": list(tokenizer.word_index.items()),
        "sequences": tokenizer.texts_to_sequences(LISTS + [["new", "a b"]]),
    }


def pad_cases():
    sequences = [[1, 2, 3], [4], [], [5, 6, 7, 8, 9]]
    cases = []
    for options in (
        {},
        {"padding": "post"},
        {"maxlen": 3},
        {"maxlen": 3, "padding": "post"},
        {"maxlen": 3, "truncating": "post"},
        {"maxlen": 3, "padding": "post", "truncating": "post", "value": 7},
        {"maxlen": 6, "value": -1},
    ):
        padded = keras.utils.pad_sequences(sequences, **options)
        cases.append({"options": options, "rows": padded.tolist()})
    return {"sequences": sequences, "cases": cases}


def digest(numbers):
    return hashlib.sha256(",".join(map(str, numbers)).encode()).hexdigest()


def split_cases():
    """The labels are RandomState(seed).randint(0, classes, rows), squared for uneven classes."""
    rng = np.random.RandomState(0)
    cases = []
    fixed = [
        {"rows": 10, "seed": 42, "test_size": 0.2},
        {"rows": 10, "seed": 42, "test_size": 0.25},
        {"rows": 10, "seed": 0, "test_size": 3},
        {"rows": 10, "seed": 0, "train_size": 3},
        {"rows": 11, "seed": 1, "test_size": 0.3, "train_size": 0.5},
        {"rows": 11, "seed": 1},
        {"rows": 3, "seed": 5, "test_size": 0.9, "train_size": 0.34},
        {"rows": 12, "seed": 9, "test_size": 4, "shuffle": False},
        {"rows": 12, "seed": 9, "test_size": 0.34, "train_size": 5, "shuffle": False},
    ]
    drawn = []
    for i in range(120):
        rows = int(rng.choice([20, 57, 100, 333, 1000, 4001]))
        drawn.append(
            {
                "rows": rows,
                "seed": int(rng.randint(0, 2**31)),
                "test_size": [0.1, 0.2, 0.25, 1 / 3, 0.5, 0.77, rows // 3][rng.randint(7)],
                **({"classes": int(rng.randint(2, 6)), "uneven": bool(i % 2)} if i % 4 else {}),
            }
        )
        if i % 5 == 0:
            drawn[-1]["train_size"] = 0.2 if drawn[-1]["test_size"] != 0.77 else 0.13
    for case in fixed + drawn:
        options = {k: v for k, v in case.items() if k in ("test_size", "train_size", "shuffle")}
        if "classes" in case:
            labels = np.random.RandomState(case["seed"]).randint(0, case["classes"], case["rows"])
            if case["uneven"]:
                labels = labels * labels
            options["stratify"] = labels
        try:
            train, test = train_test_split(
                np.arange(case["rows"]), random_state=case["seed"], **options
            )
        except ValueError:
            case["fails"] = True
            cases.append(case)
            continue
        case["train"], case["test"] = (
            (train.tolist(), test.tolist())
            if case["rows"] <= 20
            else (digest(train), digest(test))
        )
        cases.append(case)
    labels = ["pear", "apple", "fig", "apple", "fig", "pear", "Apple", "Apple", "fig"]
    train, test = train_test_split(
        np.arange(9), random_state=3, test_size=4, stratify=labels
    )
    words = {"labels": labels, "seed": 3, "test_size": 4, "train": train.tolist(), "test": test.tolist()}
    return {"cases": cases, "words": words}


def sample_cases():
    cases = []
    for rows, frac, seed in ((10, 0.3, 1), (10, 0.25, 2), (10, 0.35, 2), (50, 0.3, 42), (7, 1, 0), (7, 0, 0)):
        frame = pd.DataFrame({"x": np.arange(rows)})
        drawn = frame.sample(frac=frac, random_state=seed)
        rest = frame.drop(drawn.index)
        cases.append(
            {"rows": rows, "frac": frac, "seed": seed, "sample": drawn.x.tolist(), "rest": rest.x.tolist()}
        )
    return cases


def clothing():
    """Study 2 up to the padded ids, with Python's own tools."""
    source = HERE.parent.parent / "data" / "womens-clothing-reviews.csv.gz"
    frame = pd.read_csv(source)[["Review Text", "Rating"]]
    frame = frame[frame["Review Text"].notnull()].copy()

    def clean(text):
        text = " ".join(w for w in text.split() if w.lower() not in STOP_WORDS)
        text = text.translate(str.maketrans("", "", string.punctuation))
        return re.sub(r"\s+", " ", text).lstrip()

    frame["clean"] = frame["Review Text"].map(clean)
    rest, test = train_test_split(
        frame, test_size=0.2, random_state=42, stratify=frame.Rating.values
    )
    validation = rest.sample(frac=0.3, random_state=42)
    train = rest.drop(validation.index)
    tokenizer = Tokenizer(num_words=5000)
    tokenizer.fit_on_texts(train.clean)
    ids = keras.utils.pad_sequences(tokenizer.texts_to_sequences(train.clean))
    test_ids = keras.utils.pad_sequences(
        tokenizer.texts_to_sequences(test.clean), maxlen=ids.shape[1]
    )
    return {
        "clean": hashlib.sha256("\n".join(frame.clean).encode()).hexdigest(),
        "test": digest(test.index),
        "validation": digest(validation.index),
        "train": digest(train.index),
        "words": len(tokenizer.word_index),
        "topWords": list(tokenizer.word_index)[:20],
        "shape": list(ids.shape),
        "ids": digest(ids.ravel()),
        "testIds": digest(test_ids.ravel()),
    }


def main():
    values = {
        "versions": {"keras": keras.__version__, "sklearn": sklearn.__version__, "pandas": pd.__version__},
        "texts": TEXTS,
        "later": LATER,
        "lists": LISTS,
        "tokenizers": [tokenizer_case(options) for options in OPTIONS],
        "tokenLists": lists_case(),
        "padding": pad_cases(),
        "splits": split_cases(),
        "samples": sample_cases(),
        "spaces": [c for c in range(0x10000) if chr(c).isspace()],
        "clothing": clothing(),
    }
    (HERE / "text_tools.json").write_text(json.dumps(values))


main()
