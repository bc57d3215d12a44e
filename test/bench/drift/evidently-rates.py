"""How often Evidently's default test of a column says "drift" where there is none: python evidently-rates.py ROWS REPETITIONS … > rates.json"""
import json
import sys
import warnings
import evidently
import numpy as np
import pandas as pd
from evidently.legacy.calculations.stattests import get_stattest
from evidently.legacy.core import ColumnType

warnings.filterwarnings("ignore")
rng = np.random.default_rng(20010101)
columns = {
    "normal": (ColumnType.Numerical, lambda n: rng.normal(0, 1, n)),
    "lognormal": (ColumnType.Numerical, lambda n: rng.lognormal(0, 1, n)),
    "heavy ties": (ColumnType.Numerical, lambda n: np.where(rng.random(n) < 0.6, 0.0, rng.geometric(0.3, n) - 1.0)),
    "rare categories": (ColumnType.Categorical, lambda n: rng.geometric(0.12, n).astype(str)),
}
rates = {name: [] for name in columns}
for rows, repetitions in zip(map(int, sys.argv[1::2]), map(int, sys.argv[2::2])):
    for name, (kind, draw) in columns.items():
        found = 0
        for _ in range(repetitions):
            before, now = pd.Series(draw(rows)), pd.Series(draw(rows))
            test = get_stattest(before, now, kind, None)
            found += bool(test(before, now, kind, None).drifted)
        rates[name].append([rows, found / repetitions])
print(json.dumps({"version": evidently.__version__, "rates": rates}))
