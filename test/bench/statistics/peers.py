"""How many seconds a package takes to describe, or check, a Parquet file that it has read already: python peers.py PACKAGE FILE"""
import sys
import time

import pandas as pd

package, file = sys.argv[1:]
frame = pd.read_parquet(file)


def whylogs():
    import whylogs as why
    return lambda: why.log(frame).view().to_pandas()


def evidently():
    from evidently import Dataset, Report
    from evidently.presets import DataSummaryPreset
    return lambda: Report([DataSummaryPreset()]).run(Dataset.from_pandas(frame), None).dict()


def pandera():
    import pandera.pandas as pa
    return lambda: pa.infer_schema(frame).validate(frame)


work = {"whylogs": whylogs, "evidently": evidently, "pandera": pandera}[package]()
start = time.perf_counter()
work()
print(time.perf_counter() - start)
