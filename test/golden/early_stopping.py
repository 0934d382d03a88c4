"""When Keras's `EarlyStopping` ends a training, and which epoch it holds best: versions in
requirements.txt.

    python test/golden/early_stopping.py     # writes early_stopping.json beside it

The callback is given the watched curve epoch by epoch; of the model it needs nothing but weights.
"""

import itertools
import json
import pathlib

import keras
import numpy as np


class Model:
    """Weights that are the number of the epoch."""

    stop_training = False
    metrics = ()
    epoch = 0

    def get_weights(self):
        return [np.array([self.epoch])]

    def set_weights(self, weights):
        self.restored = int(weights[0][0])


def case(curve, options):
    model = Model()
    callback = keras.callbacks.EarlyStopping("val_loss", restore_best_weights=True, **options)
    callback.set_model(model)
    callback.on_train_begin()
    for model.epoch, value in enumerate(curve):
        callback.on_epoch_end(model.epoch, {"val_loss": value})
        if model.stop_training:
            break
    callback.on_train_end()
    return {
        "curve": curve,
        "options": options,
        "epochs": model.epoch + 1,
        "stopped": model.stop_training,
        "restored": getattr(model, "restored", None),
    }


nan = float("nan")
CURVES = [
    [10, 9, 8, 9],
    [1, 2, 3, 4, 5, 6],
    [5, 4, 4, 4, 3, 3, 2, 2, 2, 2],
    [1.0, 0.95, 0.9, 0.85, 0.8, 0.81, 0.82],
    [3, 1, 2, 0.5, 2, 2, 2, 2],
    [4, nan, 3, nan, nan, nan, 2],
    [0.7, 0.8, nan, 0.9, 0.6, 0.5, 0.95],
    [7],
]
OPTIONS = [
    dict(zip(("patience", "mode", "min_delta"), values))
    for values in itertools.product((0, 1, 2, 3), ("auto", "min", "max"), (0, 0.07))
] + [
    {"patience": 2, "mode": "min", "baseline": 2.5},
    {"patience": 3, "mode": "min", "baseline": 0.1},
    {"patience": 1, "mode": "max", "baseline": 3.5},
    {"patience": 1, "mode": "min", "start_from_epoch": 2},
    {"patience": 2, "mode": "max", "start_from_epoch": 3},
    {"patience": 0, "mode": "min", "start_from_epoch": 20},
]

cases = [case(curve, options) for curve in CURVES for options in OPTIONS]
target = pathlib.Path(__file__).with_suffix(".json")
text = ",\n".join(json.dumps(each) for each in cases).replace("NaN", '"NaN"')
target.write_text(f'{{"versions": {{"keras": "{keras.__version__}"}}, "cases": [\n{text}\n]}}\n')
print(len(cases), "cases")
