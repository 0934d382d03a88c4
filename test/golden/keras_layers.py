"""Golden values of recurrent layers, training curves and Adam, from Keras.

Run with keras 3.15.1, tensorflow-cpu 2.21.0, numpy 2.4.6 (see requirements.txt):

    python test/golden/keras_layers.py

writes keras_layers.json beside itself. Inputs, weights and upstream gradients are not stored: they
are drawn from numpy.random.RandomState(seed) in the order told below, so the reader draws them too.
Layers are computed in float64 from float32 inputs, so that the only rounding is the reader's.
Arrays are stored as {shape, stride, sum, norm, samples}: every stride-th value of the flattened
array as base64 of little-endian float32, with the sum and the Euclidean norm of the whole.
"""

import json
import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np
import tensorflow as tf
from draw import Draw, packed
from keras import layers

# ---- recurrent layers -------------------------------------------------------------------------

KINDS = {
    "lstm": ("lstm", {"activation": "tanh"}),
    "lstm softmax": ("lstm", {"activation": "softmax"}),
    "gru reset after": ("gru", {"resetAfter": True}),
    "gru reset before": ("gru", {"resetAfter": False}),
    "elman": ("simpleRnn", {}),
}
GATES = {"lstm": 4, "gru": 3, "simpleRnn": 1}


def recurrent(kind, units, returnSequences=False, goBackwards=False, activation="tanh", resetAfter=None):
    options = dict(return_sequences=returnSequences, go_backwards=goBackwards, activation=activation, dtype="float64")
    if kind == "gru":
        return layers.GRU(units, reset_after=resetAfter, **options)
    return {"lstm": layers.LSTM, "simpleRnn": layers.SimpleRNN}[kind](units, **options)


def mask_rows(pattern, batch, steps):
    """One string of 0 and 1 a row; None without a mask."""
    if pattern is None:
        return None
    lengths = [steps, 1, steps // 2, 0, steps - 1]
    rows = []
    for row in range(batch):
        length = lengths[row % len(lengths)]
        kept, dropped = "1" * length, "0" * (steps - length)
        rows.append({"pre": dropped + kept, "post": kept + dropped}[pattern])
    if pattern == "pre" and batch > 4:  # a hole inside a sequence as well
        rows[4] = "0" + "1" * (steps - 3) + "01"
    return rows


def layer_case(name, specs, batch, steps, features, mask=None, scale=0.6):
    """Drawn in order: input, then kernel, recurrent kernel, bias of each layer, then the upstream."""
    seed = 1000 + len(cases)
    draw = Draw(seed)
    x = draw.floats(batch, steps, features)
    stack, weights, width = [], [], features
    for spec in specs:
        layer = recurrent(**spec)
        gates = GATES[spec["kind"]] * spec["units"]
        bias = (2, gates) if spec.get("resetAfter") else (gates,)
        values = [
            draw.floats(width, gates, scale=scale),
            draw.floats(spec["units"], gates, scale=scale),
            draw.floats(*bias, scale=scale),
        ]
        layer.build((batch, steps, width))
        layer.set_weights(values)
        stack.append(layer)
        weights.append(values)
        width = spec["units"]
    rows = mask_rows(mask, batch, steps)
    keras_mask = None if rows is None else tf.constant([[c == "1" for c in row] for row in rows])

    variables = [v.value for layer in stack for v in layer.trainable_variables]
    with tf.GradientTape() as tape:
        inputs = tf.constant(x, dtype="float64")
        tape.watch(inputs)
        outputs = inputs
        for layer in stack:
            outputs = layer(outputs, mask=keras_mask)
        upstream = draw.floats(*outputs.shape)
        value = tf.reduce_sum(outputs * tf.constant(upstream, dtype="float64"))
    d_input, *d_weights = tape.gradient(value, [inputs, *variables])
    cases.append(
        {
            "name": name,
            "seed": seed,
            "batch": batch,
            "steps": steps,
            "features": features,
            "scale": scale,
            "layers": specs,
            "mask": rows,
            "output": packed(outputs),
            "dInput": packed(d_input),
            "dWeights": [packed(d) for d in d_weights],
        }
    )


def layer_cases():
    for label, (kind, options) in KINDS.items():

        def one(name, units, batch, steps, features, mask=None, scale=0.6, **more):
            spec = {"kind": kind, "units": units, **options, **more}
            layer_case(f"{label}: {name}", [spec], batch, steps, features, mask, scale)

        one("batch 5, 7 units, last state", 7, 5, 6, 3)
        one("batch 5, 7 units, all states", 7, 5, 6, 3, returnSequences=True)
        one("batch 1, 1 unit, 1 feature", 1, 1, 4, 1, returnSequences=True)
        one("batch 1, 7 units, one step", 7, 1, 1, 5)
        one("batch 5, 1 unit, one step, all states", 1, 5, 1, 2, returnSequences=True)
        one("batch 3, 16 units, 11 features, 9 steps", 16, 3, 9, 11, returnSequences=True)
        one("200 units", 200, 5, 4, 6, scale=0.12, returnSequences=True)
        for mask in ("pre", "post"):
            one(f"mask with {mask}-padding, last state", 7, 5, 6, 3, mask)
            one(f"mask with {mask}-padding, all states", 7, 5, 6, 3, mask, returnSequences=True)
        one("backwards, last state", 7, 5, 6, 3, goBackwards=True)
        one("backwards, all states", 7, 5, 6, 3, goBackwards=True, returnSequences=True)
        one("backwards, mask with pre-padding", 7, 5, 6, 3, "pre", goBackwards=True, returnSequences=True)
        one("backwards, mask with post-padding, last state", 7, 5, 6, 3, "post", goBackwards=True)

        below = {"kind": kind, "units": 4, **options, "returnSequences": True}
        above = {"kind": kind, "units": 7, **options}
        layer_case(f"{label}: two layers, last state", [below, above], 5, 6, 3)
        layer_case(f"{label}: two layers, mask with pre-padding", [below, above], 5, 6, 3, "pre")
        above = {**above, "returnSequences": True}
        layer_case(f"{label}: two layers, mask with post-padding, all states", [below, above], 5, 6, 3, "post")


# ---- training curves --------------------------------------------------------------------------


class DenseAdam(keras.optimizers.Adam):
    """Keras's Adam with an embedding's gradient summed over the occurrences of a word first.

    On TensorFlow, Keras 3 squares the gradient of each occurrence alone and sums the squares, which
    is not Adam's formula and not what Keras 2, Keras on JAX or PyTorch does.
    """

    def apply(self, grads, trainable_variables=None):
        return super().apply([tf.convert_to_tensor(g) for g in grads], trainable_variables)


def training_curve(name, spec, padding, mask_zero):
    """Embedding, recurrent layer, dense sigmoid; Adam 0.02, three epochs of batches of 8.

    Drawn in order: embedding (±0.5), kernel, recurrent kernel, bias (±0.4), dense kernel (±0.5),
    dense bias (±0.5), ids (rows × steps, in 1 … vocabulary - 1), lengths (1 … steps), labels (0, 1).
    """
    rows, steps, vocabulary, width, batch = 29, 9, 40, 6, 8
    seed = 2000 + len(curves)
    draw = Draw(seed)
    units, kind = spec["units"], spec["kind"]
    gates = GATES[kind] * units
    values = [
        draw.floats(vocabulary, width, scale=0.5),
        draw.floats(width, gates, scale=0.4),
        draw.floats(units, gates, scale=0.4),
        draw.floats(*((2, gates) if spec.get("resetAfter") else (gates,)), scale=0.4),
        draw.floats(units, 1, scale=0.5),
        draw.floats(1, scale=0.5),
    ]
    ids = draw.integers(rows, steps, below=vocabulary - 1) + 1
    lengths = draw.integers(rows, below=steps) + 1
    labels = draw.integers(rows, 1, below=2).astype("float32")
    for row, length in enumerate(lengths):
        if padding == "pre":
            ids[row, : steps - length] = 0
        if padding == "post":
            ids[row, length:] = 0

    layer = recurrent(**spec)
    layer = type(layer).from_config({**layer.get_config(), "dtype": "float32"})
    model = keras.Sequential(
        [
            keras.Input((steps,), dtype="int32"),
            layers.Embedding(vocabulary, width, mask_zero=mask_zero),
            layer,
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.set_weights(values)
    model.compile(optimizer=DenseAdam(0.02), loss="binary_crossentropy")
    losses = []
    for _ in range(3):
        for start in range(0, rows, batch):
            model.reset_metrics()
            end = start + batch
            losses.append(float(model.train_on_batch(ids[start:end], labels[start:end])))
    curves.append(
        {
            "name": name,
            "seed": seed,
            "rows": rows,
            "steps": steps,
            "vocabulary": vocabulary,
            "embedding": width,
            "batch": batch,
            "epochs": 3,
            "learningRate": 0.02,
            "layer": spec,
            "padding": padding,
            "maskZero": mask_zero,
            "losses": losses,
            "weights": [packed(w) for w in model.get_weights()],
        }
    )


def training_curves():
    training_curve("lstm with mask, pre-padding", {"kind": "lstm", "units": 7}, "pre", True)
    training_curve("lstm with mask, post-padding", {"kind": "lstm", "units": 7}, "post", True)
    training_curve("lstm softmax", {"kind": "lstm", "units": 5, "activation": "softmax"}, "post", False)
    training_curve("gru reset after", {"kind": "gru", "units": 7, "resetAfter": True}, "pre", False)
    training_curve("gru reset before", {"kind": "gru", "units": 7, "resetAfter": False}, "post", True)
    training_curve("elman", {"kind": "simpleRnn", "units": 7}, "pre", False)


# ---- Adam -------------------------------------------------------------------------------------


def adam_case(name, learning_rate, clip_norm=None, decay=None):
    """Two variables and given gradients. Drawn in order: matrix [3, 4], vector [5] (±1), then for
    each step the gradient of the matrix (±2) and of the vector (±0.1). Decay is that of Keras 2:
    the rate of step t (from 0) is learningRate / (1 + decay t). clipNorm clips each gradient alone.
    """
    seed = 3000 + len(optimizers)
    draw = Draw(seed)
    variables = [keras.Variable(draw.floats(3, 4)), keras.Variable(draw.floats(5))]
    rate = learning_rate
    if decay:
        rate = keras.optimizers.schedules.InverseTimeDecay(learning_rate, decay_steps=1, decay_rate=decay)
    adam = keras.optimizers.Adam(rate, clipnorm=clip_norm)
    after = []
    for _ in range(8):
        gradients = [tf.constant(draw.floats(3, 4, scale=2.0)), tf.constant(draw.floats(5, scale=0.1))]
        adam.apply(gradients, variables)
        after.append([packed(v) for v in variables])
    optimizers.append(
        {
            "name": name,
            "seed": seed,
            "learningRate": learning_rate,
            "clipNorm": clip_norm,
            "decay": decay,
            "after": after,
        }
    )


def adam_cases():
    adam_case("plain", 0.01)
    adam_case("clip norm", 0.01, clip_norm=1.0)
    adam_case("decay", 0.01, decay=0.3)
    adam_case("clip norm and decay", 0.05, clip_norm=0.7, decay=0.01)


cases, curves, optimizers = [], [], []
layer_cases()
training_curves()
adam_cases()
target = pathlib.Path(__file__).with_suffix(".json")
versions = {"keras": keras.__version__, "tensorflow": tf.__version__, "numpy": np.__version__}
document = {"versions": versions, "layers": cases, "curves": curves, "adam": optimizers}
target.write_text(json.dumps(document, separators=(",", ":")) + "\n")
print(f"{target.name}: {len(cases)} layer cases, {len(curves)} curves, {target.stat().st_size} bytes")
