"""Golden values of what recurrent layers are asked for beside their default, and of Bidirectional.

Run with keras 3.15.1, tensorflow-cpu 2.21.0, numpy 2.4.6 (see requirements.txt):

    python test/golden/keras_recurrent.py

writes keras_recurrent.json beside itself. As in keras_layers.py the inputs are not stored but drawn:
from numpy.random.RandomState(seed) the input, then the weights of the layer in Keras's order, the
initial states, the masks of dropout of the input and of the state (one a gate where the layer has
recurrent dropout), and an upstream gradient for each output.
"""

import json
import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import tensorflow as tf
from draw import Draw, packed
from keras import layers

BATCH, STEPS, FEATURES, UNITS = 4, 5, 3, 6
KINDS = {
    "lstm": (layers.LSTM, {}, 2),
    "lstm softmax": (layers.LSTM, {"activation": "softmax"}, 2),
    "gru": (layers.GRU, {}, 1),
    "gru reset before": (layers.GRU, {"reset_after": False}, 1),
    "elman": (layers.SimpleRNN, {}, 1),
}
MASK = ["11111", "00111", "11000", "01011"]
cases = []


def small(array):
    return packed(array, most=20)


def use_masks(cell, draw):
    """Puts drawn masks where the cell would draw them."""

    def create(step_input, rate):
        count = getattr(cell, "dropout_mask_count", None)
        masks = [tf.constant(draw.floats(*step_input.shape), "float64") for _ in range(count or 1)]
        return masks if count else masks[0]

    cell._create_dropout_mask = create


def case(kind, name, options=None, mask=False, initial=False, bidirectional=None):
    """One forward and backward pass; `bidirectional` is None or the merge mode in a list."""
    make, fixed, states = KINDS[kind]
    options = options or {}
    seed = 4000 + len(cases)
    draw = Draw(seed)
    x = draw.floats(BATCH, STEPS, FEATURES)
    layer = make(UNITS, dtype="float64", **fixed, **options)
    if bidirectional:
        layer = layers.Bidirectional(layer, merge_mode=bidirectional[0], dtype="float64")
        states *= 2
    layer.build((BATCH, STEPS, FEATURES))
    layer.set_weights([draw.floats(*w.shape, scale=0.6) for w in layer.weights])
    given = [draw.floats(BATCH, UNITS) for _ in range(states)] if initial else []
    if not bidirectional:
        use_masks(layer.cell, draw)
    keras_mask = tf.constant([[c == "1" for c in row] for row in MASK]) if mask else None

    inputs = [tf.constant(array, dtype="float64") for array in [x, *given]]
    weights = [w.value for w in layer.trainable_variables]
    training = bool(options.get("dropout") or options.get("recurrent_dropout"))
    with tf.GradientTape() as tape:
        for tensor in inputs:
            tape.watch(tensor)
        outputs = layer(
            inputs[0], initial_state=inputs[1:] or None, mask=keras_mask, training=training
        )
        outputs = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
        upstream = [tf.constant(draw.floats(*o.shape), dtype="float64") for o in outputs]
        value = sum(tf.reduce_sum(o * u) for o, u in zip(outputs, upstream))
    gradients = tape.gradient(value, [*inputs, *weights])
    cases.append(
        {
            "name": f"{kind}: {name}",
            "seed": seed,
            "kind": kind,
            "options": options,
            "mask": MASK if mask else None,
            "states": len(given),
            "mergeMode": bidirectional,
            "outputs": [small(o) for o in outputs],
            "dInputs": [small(g) for g in gradients[: len(inputs)]],
            "dWeights": [small(g) for g in gradients[len(inputs) :]],
        }
    )


for kind in KINDS:
    every = {"return_sequences": True}
    both = {"return_sequences": True, "return_state": True}
    case(kind, "no bias", {"use_bias": False, **every})
    case(kind, "last state returned", {"return_state": True})
    case(kind, "all states and the last", both, mask=True)
    case(kind, "backwards, all states and the last", {**both, "go_backwards": True}, mask=True)
    case(kind, "initial state", every, initial=True)
    case(kind, "initial state, no bias", {"use_bias": False}, initial=True)
    case(kind, "initial state, mask, backwards", {**both, "go_backwards": True}, mask=True, initial=True)
    case(kind, "dropout", {"dropout": 0.5, **every}, mask=True)
    case(kind, "recurrent dropout", {"recurrent_dropout": 0.5, **every}, mask=True)
    case(kind, "both dropouts", {"dropout": 0.5, "recurrent_dropout": 0.5})
    case(kind, "both dropouts, initial state", {"dropout": 0.5, "recurrent_dropout": 0.5, **both}, initial=True)

for kind in KINDS:
    for mode in ["concat", "sum", "mul", "ave", None]:
        case(kind, f"bidirectional {mode}", {}, bidirectional=[mode])
        case(kind, f"bidirectional {mode}, all states, mask", every, mask=True, bidirectional=[mode])
    case(kind, "bidirectional, all states", every, bidirectional=["concat"])
    case(kind, "bidirectional, last state, mask", {}, mask=True, bidirectional=["concat"])
    case(kind, "bidirectional, states returned", both, mask=True, bidirectional=["sum"])
    case(kind, "bidirectional, states returned apart", {"return_state": True}, bidirectional=[None])
    case(kind, "bidirectional, initial states", both, mask=True, initial=True, bidirectional=["concat"])
    case(kind, "bidirectional, no bias", {"use_bias": False}, bidirectional=["concat"])

target = pathlib.Path(__file__).with_suffix(".json")
versions = {"keras": keras.__version__, "tensorflow": tf.__version__}
document = {"versions": versions, "cases": cases}
target.write_text(json.dumps(document, separators=(",", ":")) + "\n")
print(f"{target.name}: {len(cases)} cases, {target.stat().st_size} bytes")
