"""The rows in Keras on TensorFlow, as its guides write them: compile, fit; legacy Tokenizer."""

import json
import os
import time

os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np
import tensorflow as tf
import whole
from keras import layers
from protocol import checksum, material, matrix_peak, serve, timed

threads = int(os.environ["OMP_NUM_THREADS"])
tf.config.threading.set_intra_op_parallelism_threads(threads)
tf.config.threading.set_inter_op_parallelism_threads(threads)
PEAK_SIZE = 2048


def recurrent_stack(row, all_states):
    kind = {"lstm": layers.LSTM, "gru": layers.GRU, "simpleRnn": layers.SimpleRNN}[row["cell"]]
    last = len(row["units"]) - 1
    return [
        kind(units, activation=row["activation"], return_sequences=all_states or i < last)
        for i, units in enumerate(row["units"])
    ]


def recurrent(row):
    ids = keras.Input((row["steps"],), dtype="int32")
    x = layers.Embedding(row["vocabulary"], row["embedding"])(ids)
    for layer in recurrent_stack(row, row["kind"] == "attention"):
        x = layer(x)
    if row["kind"] == "attention":
        scores = layers.Dense(1)(x)[:, :, 0]
        scores = keras.ops.where(ids == 0, -1e9, scores)
        x = layers.Dot(axes=1)([keras.ops.softmax(scores), x])
    return keras.Model(ids, layers.Dense(1, activation="sigmoid")(x))


def mlp(row):
    model = keras.Sequential([keras.Input((row["widths"][0],))])
    for i, width in enumerate(row["widths"][1:]):
        model.add(layers.Dense(width))
        model.add(layers.LeakyReLU(negative_slope=0.01))
        if i > 0:
            model.add(layers.BatchNormalization(epsilon=1e-5))
    return model


class Stopwatch(keras.callbacks.Callback):
    """Milliseconds from the end of one batch to the end of the next, and the losses."""

    def on_epoch_begin(self, epoch, logs=None):
        self.times, self.losses, self.start = [], [], None

    def on_train_batch_begin(self, batch, logs=None):
        # The first interval leaves out what fit prepares for a whole epoch.
        self.start = self.start or time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        now = time.perf_counter()
        self.times.append((now - self.start) * 1e3)
        self.start = now
        self.losses.append(float(logs["loss"]))


def whole_model(row, vocabulary):
    mask = row.get("attention", False)
    ids = keras.Input((None,), dtype="int32")
    x = layers.Embedding(vocabulary, row["embedding"], mask_zero=mask)(ids)
    rates = row.get("dropout", [0] * (len(row["units"]) + 1))
    for i, units in enumerate(row["units"]):
        x = layers.Dropout(rates[i])(x) if rates[i] else x
        x = layers.LSTM(units, return_sequences=mask or i < len(row["units"]) - 1)(x)
    x = layers.Dropout(rates[-1])(x) if rates[-1] else x
    if mask:
        scores = keras.ops.where(ids == 0, -1e9, layers.Dense(1)(x)[:, :, 0])
        x = layers.Dot(axes=1)([keras.ops.softmax(scores), x])
    activation = "sigmoid" if row["classes"] == 1 else "softmax"
    return keras.Model(ids, layers.Dense(row["classes"], activation=activation)(x))


class BestF1(keras.callbacks.Callback):
    """Keeps the weights of the epoch with the best F1 on the validation rows."""

    def __init__(self, row, x, y):
        super().__init__()
        self.row, self.x, self.y, self.best = row, x, y, -1

    def on_epoch_end(self, epoch, logs=None):
        f1 = whole.watched(self.row, self.y, self.model.predict(self.x, batch_size=256, verbose=0))
        if f1 > self.best:
            self.best, self.weights = f1, self.model.get_weights()

    def on_train_end(self, logs=None):
        self.model.set_weights(self.weights)


def run_whole(request):
    """A study from its texts to its test score."""
    row, data = request["row"], whole.read(request["file"])
    found = {}

    def once():
        keras.utils.set_random_seed(6)
        (x, vocabulary), y = whole.tables(row, data), whole.labels(data)
        model = whole_model(row, vocabulary)
        loss = "binary_crossentropy" if row["classes"] == 1 else "sparse_categorical_crossentropy"
        model.compile(optimizer=keras.optimizers.Adam(), loss=loss, metrics=["accuracy"])
        watch = []
        if row.get("attention"):
            watch = [BestF1(row, x["validation"], y["validation"])]
        elif row.get("patience"):
            stop = {
                "monitor": "val_loss",
                "patience": row["patience"],
                "restore_best_weights": True,
            }
            watch = [keras.callbacks.EarlyStopping(**stop)]
        history = model.fit(
            x["train"],
            y["train"],
            batch_size=row["batch"],
            epochs=row["epochs"],
            validation_data=(x["validation"], y["validation"]),
            validation_batch_size=256,
            callbacks=watch,
            verbose=0,
        )
        found["epochs"] = len(history.epoch)
        outputs = model.predict(x["test"], batch_size=256, verbose=0)
        found["score"] = whole.score(row, y["test"], outputs)

    return {**timed(once, 1), **found}


class Work:
    def prepare(self, request):
        self.row = request["row"]
        version = f"{keras.__version__} on TensorFlow {tf.__version__}"
        if self.row["kind"] == "data":
            with open(request["texts"]) as file:
                self.texts = json.load(file)
            return {"version": version}
        is_mlp = self.row["kind"] == "mlp"
        self.x, self.y, weights = material(request)
        self.model = (mlp if is_mlp else recurrent)(self.row)
        trained = iter(weights)
        for layer in self.model.layers:
            if layer.weights and not isinstance(layer, layers.BatchNormalization):
                layer.set_weights([next(trained) for _ in layer.weights])
        loss = "mean_squared_error" if is_mlp else "binary_crossentropy"
        self.model.compile(optimizer=keras.optimizers.Adam(), loss=loss)
        self.done = 0
        return {"version": version}

    def steps(self, request):
        if self.row["kind"] == "data":
            return {**timed(self.prepare_data, request["count"]), "result": checksum(self.padded)}
        count, batch = request["count"], self.row["batch"]
        rows = np.arange(self.done * batch, (self.done + count) * batch) % len(self.x)
        watch = Stopwatch()
        self.model.fit(
            self.x[rows],
            self.y[rows],
            batch_size=batch,
            shuffle=False,
            verbose=0,
            callbacks=[watch],
        )
        self.done += count
        return {"ms": watch.times, "result": watch.losses[0]}

    def prepare_data(self):
        tokenizer = tf.keras.preprocessing.text.Tokenizer(num_words=self.row["numWords"])
        tokenizer.fit_on_texts(self.texts)
        sequences = tokenizer.texts_to_sequences(self.texts)
        self.padded = keras.utils.pad_sequences(sequences, maxlen=self.row["maxlen"])

    def layer(self, request):
        """The recurrent layers alone, forward and backward."""
        row = self.row
        stack = recurrent_stack(row, False)
        x = tf.random.normal((row["batch"], row["steps"], row["embedding"]))
        features = row["embedding"]
        for layer in stack:
            layer.build((row["batch"], row["steps"], features))
            features = layer.units
        variables = [v.value for layer in stack for v in layer.trainable_variables]

        @tf.function
        def once():
            with tf.GradientTape() as tape:
                tape.watch(x)
                out = x
                for layer in stack:
                    out = layer(out)
                total = tf.reduce_sum(out)
            return tape.gradient(total, [x, *variables])

        timed(once, 2)
        return timed(once, request["count"])

    def peak(self, _):
        a, b = tf.random.normal((2, PEAK_SIZE, PEAK_SIZE))
        return matrix_peak(lambda: tf.linalg.matmul(a, b), PEAK_SIZE)


work = Work()
serve(
    {
        "whole": run_whole,
        "prepare": work.prepare,
        "steps": work.steps,
        "layer": work.layer,
        "peak": work.peak,
    }
)
