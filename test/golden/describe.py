"""Golden values of test/data.table.test.ts: pandas' DataFrame.describe.

numpy==2.4.6 pandas==3.1.1. Run: python test/golden/describe.py (writes describe.json beside itself).
"""
import json
from pathlib import Path

import pandas as pd

rows = [
    {"name": "a", "stars": 5, "hours": 1.5},
    {"name": "b", "stars": 2, "hours": None},
    {"name": "c", "stars": 4, "hours": 0.25},
    {"name": "d", "stars": 4, "hours": -3.0},
    {"name": "e", "stars": 1, "hours": 12.75},
    {"name": "f", "stars": 3, "hours": None},
]
table = pd.DataFrame(rows).describe()
expected = [{"statistic": name, **values} for name, values in table.to_dict("index").items()]
Path(__file__).with_suffix(".json").write_text(json.dumps({"rows": rows, "expected": expected}, indent=1) + "\n")
