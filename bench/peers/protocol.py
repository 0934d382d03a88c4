"""One request a line on stdin, one answer a line on stdout, both JSON. Nothing runs in between."""

import json
import os
import resource
import sys
import time

import numpy as np


def serve(requests):
    """Answers with requests[request["do"]](request) until the input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints must not look like an answer
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {**requests, "usage": usage}[request["do"]](request)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def usage(_):
    """Largest memory so far in bytes, processor time so far in seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"memory": used.ru_maxrss * 1024, "processor": used.ru_utime + used.ru_stime}


def material(request):
    """Inputs, targets and first weights of a row."""
    row, files = request["row"], request["material"]
    count = files["batches"] * row["batch"]
    kind = "float32" if row["kind"] == "mlp" else "int32"
    x = np.fromfile(files["x"], dtype=kind).reshape(count, -1)
    y = np.fromfile(files["y"], dtype="float32").reshape(count, 1)
    flat = np.fromfile(files["weights"], dtype="float32")
    ends = np.cumsum([np.prod(shape) for shape in files["shapes"]])
    parts = np.split(flat, ends[:-1])
    return x, y, [part.reshape(shape) for part, shape in zip(parts, files["shapes"])]


def timed(step, count):
    """Milliseconds of each of `count` calls."""
    times = []
    for _ in range(count):
        start = time.perf_counter()
        step()
        times.append((time.perf_counter() - start) * 1e3)
    return {"ms": times}


def checksum(padded):
    """Every id times its column from 1, summed: the same for all peers, if they make the same table."""
    return int((padded.astype("int64") * np.arange(1, padded.shape[1] + 1)).sum())


def matrix_peak(product, size, count=8):
    """GFLOP/s of the fastest of some products of two square matrices."""
    product()
    return {"gflops": 2 * size**3 / min(timed(product, count)["ms"]) / 1e6}
