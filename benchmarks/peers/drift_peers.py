"""Runs one task at a time, as standard input asks, and prints the processor seconds that each took.

The first argument is a folder with `reference.f64` and `current.f64`: columns of doubles, one after
the other. The second is the number of columns. The Kolmogorov-Smirnov test takes the first column.
"""

import json
import pathlib
import sys
import time

import numpy as np
import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset
from scipy import stats


def read(folder: pathlib.Path, name: str, columns: int) -> pd.DataFrame:
    values = np.fromfile(folder / f"{name}.f64").reshape(columns, -1)
    return pd.DataFrame({f"column {index}": values[index] for index in range(columns)})


def main() -> None:
    folder, columns = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    reference, current = (read(folder, name, columns) for name in ("reference", "current"))
    first, second = reference["column 0"].to_numpy(), current["column 0"].to_numpy()

    def ks() -> float:
        return float(stats.ks_2samp(first, second).statistic)

    def report() -> int:
        definition = DataDefinition(numerical_columns=list(reference.columns))
        left, right = (Dataset.from_pandas(frame, definition) for frame in (reference, current))
        result = Report([DataDriftPreset()]).run(right, left)
        return len(result.get_html_str(as_iframe=False))

    tasks = {"ks": ks, "report": report}
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        start = time.process_time()
        result = tasks[line.strip()]()
        seconds = time.process_time() - start
        print(json.dumps({"seconds": seconds, "result": result}), flush=True)


main()
