"""Accuracies of Keras, and which of them `metrics=["accuracy"]` means.

Run with keras 3.15.1, tensorflow-cpu 2.21.0, numpy 2.4.6 (see requirements.txt):

    python test/golden/keras_accuracy.py

writes keras_accuracy.json beside itself.
"""

import json
import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np
from keras.src.trainers.compile_utils import get_metric

state = np.random.RandomState(7)
cases = []


def case(name, truth, outputs):
    truth, outputs = np.asarray(truth), np.asarray(outputs, dtype="float32")
    chosen = get_metric("accuracy", truth, outputs)
    values = {"accuracy": chosen}
    if truth.size == outputs.size:
        values["binaryAccuracy"] = keras.metrics.BinaryAccuracy()
        values["binaryAccuracy at 0.3"] = keras.metrics.BinaryAccuracy(threshold=0.3)
    if truth.shape == outputs.shape:
        values["categoricalAccuracy"] = keras.metrics.CategoricalAccuracy()
    if truth.size * outputs.shape[-1] == outputs.size:
        values["sparseCategoricalAccuracy"] = keras.metrics.SparseCategoricalAccuracy()
    cases.append(
        {
            "name": name,
            "truth": {"data": truth.ravel().tolist(), "shape": truth.shape},
            "outputs": {"data": outputs.ravel().tolist(), "shape": outputs.shape},
            "chosen": chosen.name,
            "values": {key: float(metric(truth, outputs)) for key, metric in values.items()},
        }
    )


def halves(*shape):
    """Numbers with many ties and values on the threshold itself."""
    return np.round(state.random_sample(shape) * 10) / 10


case("one output, a column of targets", state.randint(0, 2, (23, 1)), halves(23, 1))
case("one output, a row of targets", state.randint(0, 2, 23), halves(23, 1))
case("several labels", state.randint(0, 2, (23, 4)), halves(23, 4))
case("one-hot rows", np.eye(4)[state.randint(0, 4, 23)], halves(23, 4))
case("numbers of classes", state.randint(0, 4, 23), halves(23, 4))
case("a column of numbers of classes", state.randint(0, 4, (23, 1)), halves(23, 4))
case("a class for each step", state.randint(0, 3, (5, 7)), halves(5, 7, 3))
case("a one-hot row for each step", np.eye(3)[state.randint(0, 3, (5, 7))], halves(5, 7, 3))
case("two classes", state.randint(0, 2, 23), halves(23, 2))

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(cases) + "\n")
