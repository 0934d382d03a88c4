"""Golden values of test/random.numpy.test.ts: what NumPy's legacy RandomState draws.

numpy==2.4.6. Run: python test/golden/random_numbers.py (writes random_numbers.json beside itself).
"""
import json
from pathlib import Path

import numpy as np

cases = []
for seed in (0, 1, 42, 2023, 2**32 - 1):
    def draw():
        return np.random.RandomState(seed)

    cases.append(
        {
            "seed": seed,
            # More than 312 numbers of two words each: the state is renewed at least twice.
            "randomSample": draw().random_sample(700)[[0, 1, 2, 311, 312, 313, 699]].tolist(),
            "permutation": draw().permutation(50).tolist(),
            "longPermutation": draw().permutation(25000)[[0, 1, 12500, 24998, 24999]].tolist(),
            "randint": draw().randint(-3, 17, 40).tolist(),
            "randintWide": draw().randint(0, 2**32, 5).tolist(),
            "randintPowerOfTwo": draw().randint(0, 64, 10).tolist(),
            "randint40": draw().randint(-5, 2**40 + 12345, 8).tolist(),
            "choice": draw().choice(30, 12, replace=False).tolist(),
            "normal": draw().normal(1.5, 2.0, 9).tolist(),
        }
    )

# One generator through several calls: the order of the draws counts.
rng = np.random.RandomState(7)
words = ["a", "b", "c", "d", "e", "f", "g"]
rng.shuffle(words)
mixed = {
    "seed": 7,
    "shuffled": words,
    "then": [rng.randint(0, 10, 5).tolist(), rng.normal(0, 1, 3).tolist(), rng.permutation(9).tolist(), rng.normal(0, 1, 2).tolist()],
}

out = Path(__file__).with_suffix(".json")
out.write_text(json.dumps({"numpy": np.__version__, "cases": cases, "mixed": mixed}, indent=1))
