"""Values of attention and mean pooling for test/layers.attention.test.ts.

Made with keras 3.15.1, tensorflow-cpu 2.21.0, numpy 2.4.6: `python keras_pooling.py` writes keras-pooling.json.
"""

import json
import os

os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(5)
B, T, H, U = 4, 6, 3, 2
x = rng.randn(B, T, H).astype("float32")
lengths = [6, 3, 1, 4]
mask = np.array([[t < n for t in range(T)] for n in lengths])
kernel, bias = rng.randn(H, U).astype("float32"), rng.randn(U).astype("float32")
scale = rng.randn(U, 1).astype("float32")
upstream = rng.randn(B, H).astype("float32")


def pooled(inputs, mask, k, b, s):
    """Masked softmax of the scores, by Keras's own layer, and the weighted sum by its Dot layer."""
    score = tf.tensordot(inputs, k, 1) + b
    score = tf.squeeze(tf.tensordot(tf.tanh(score), s, 1), 2) if s is not None else tf.squeeze(score, 2)
    weights = keras.layers.Softmax(axis=-1)(score, mask=mask)
    return weights, keras.layers.Dot(axes=1)([inputs, weights])


def case(m, additive):
    k, b = (kernel, bias) if additive else (kernel[:, :1], bias[:1])
    variables = [tf.Variable(v) for v in ([x, k, b, scale] if additive else [x, k, b])]
    with tf.GradientTape() as tape:
        weights, out = pooled(variables[0], m, *variables[1:], *([] if additive else [None]))
        loss = tf.reduce_sum(out * upstream)
    grads = tape.gradient(loss, variables)
    return {"weights": weights.numpy().tolist(), "output": out.numpy().tolist(),
            "gradients": [g.numpy().ravel().tolist() for g in grads]}


json.dump(
    {
        "x": x.tolist(), "mask": mask.tolist(), "kernel": kernel.tolist(), "bias": bias.tolist(),
        "scale": scale.tolist(), "upstream": upstream.tolist(),
        "linear": case(None, False), "linearMasked": case(mask, False),
        "additive": case(None, True), "additiveMasked": case(mask, True),
        "mean": keras.layers.GlobalAveragePooling1D()(x).numpy().tolist(),
        "meanMasked": keras.layers.GlobalAveragePooling1D()(x, mask=tf.constant(mask)).numpy().tolist(),
    },
    open(os.path.join(os.path.dirname(__file__), "keras-pooling.json"), "w"),
)
