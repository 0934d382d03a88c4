"""What Keras's `fit` reports: versions in requirements.txt.

    python test/golden/keras_fit.py     # writes keras_fit.json beside it

Data and first weights are drawn from RandomState, as the test draws them again; the rows of each
epoch are put in the order that the library's `epochOrder` gives (the same formula below).
"""

import json
import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import tensorflow as tf

SEED, ROWS, HELD_OUT, FEATURES, CLASSES, BATCH = 5, 23, 11, 4, 3, 5


def epoch_seed(seed, epoch):
    value = (((seed + 1) * 0x9E3779B9) + ((epoch + 1) * 0x85EBCA6B)) % 2**32
    return value or 1


def draw(state, *shape, scale=1.0):
    return ((2 * state.random_sample(shape) - 1) * scale).astype("float32")


def batches(x, y, weight, epochs, size):
    """All batches of all epochs, one after the other, each epoch in its own order."""
    for epoch in range(epochs):
        order = np.random.RandomState(epoch_seed(SEED, epoch)).permutation(ROWS)
        for start in range(0, ROWS, size):
            places = order[start : start + size]
            yield x[places], y[places], weight[places]


def history(name, loss, activation, targets, units, epochs, *, rate, l2=0.0, class_weight=None, weighted=False, stop=None):
    state = np.random.RandomState(77)
    x, x_val = draw(state, ROWS, FEATURES), draw(state, HELD_OUT, FEATURES)
    kernel, bias = draw(state, FEATURES, units), draw(state, units)
    labels = np.floor(state.random_sample(ROWS) * CLASSES).astype("int32")
    labels_val = np.floor(state.random_sample(HELD_OUT) * CLASSES).astype("int32")
    weight = (state.random_sample(ROWS) + 0.5).astype("float32") if weighted else np.ones(ROWS, "float32")
    y, y_val = targets(labels), targets(labels_val)
    if class_weight:
        weight = weight * np.array([class_weight[label] for label in labels], "float32")
    regularizer = keras.regularizers.L2(l2) if l2 else None
    model = keras.Sequential(
        [keras.Input((FEATURES,)), keras.layers.Dense(units, activation=activation, kernel_regularizer=regularizer)]
    )
    model.set_weights([kernel, bias])
    metrics = [keras.metrics.AUC(multi_label=True, num_labels=CLASSES, name="auc")] if loss == "categorical_crossentropy" else []
    model.compile(keras.optimizers.Adam(rate), loss, metrics=metrics)
    callbacks = [keras.callbacks.EarlyStopping("val_loss", patience=stop, restore_best_weights=True)] if stop else []
    result = model.fit(
        batches(x, y, weight, epochs, BATCH),
        steps_per_epoch=-(-ROWS // BATCH),
        validation_data=(x_val, y_val),
        epochs=epochs,
        verbose=0,
        callbacks=callbacks,
    )
    return {
        "name": name,
        "history": {key: [float(v) for v in values] for key, values in result.history.items()},
        "weights": [w.tolist() for w in model.get_weights()],
    }


def one_hot(labels):
    return np.eye(CLASSES, dtype="float32")[labels]


cases = [
    history("categorical", "categorical_crossentropy", "softmax", one_hot, CLASSES, 4, rate=0.05),
    history(
        "class and row weights", "categorical_crossentropy", "softmax", one_hot, CLASSES, 3,
        rate=0.05, class_weight={0: 0.5, 1: 1.0, 2: 2.5}, weighted=True,
    ),
    history("sparse", "sparse_categorical_crossentropy", "softmax", lambda labels: labels, CLASSES, 3, rate=0.05),
    history("binary", "binary_crossentropy", "sigmoid", lambda labels: (labels > 0).astype("float32"), 1, 3, rate=0.05),
    history(
        "squared error, regularized", "mean_squared_error", "linear",
        lambda labels: labels.astype("float32"), 1, 3, rate=0.05, l2=0.1,
    ),
    history("early stopping", "categorical_crossentropy", "softmax", one_hot, CLASSES, 40, rate=0.8, stop=3),
]
target = pathlib.Path(__file__).with_suffix(".json")
versions = {"keras": keras.__version__, "tensorflow": tf.__version__, "numpy": np.__version__}
target.write_text(json.dumps({"versions": versions, "cases": cases}, indent=1) + "\n")
for case in cases:
    print(case["name"], case["history"])
