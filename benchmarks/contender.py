"""Runs one contender once, in this process, and prints its seconds and peak memory.

``python -m benchmarks.contender <module> <folder of inputs> <file for the result>``
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path

from python_ml.edge.memory import high_water_mb


def main() -> None:
    """Time the run, from Parquet files to a result in memory; then write the result."""
    module, inputs, result = sys.argv[1:]
    contender = importlib.import_module(module)
    start = time.perf_counter()
    write = contender.run(Path(inputs))
    seconds = time.perf_counter() - start
    measured = {"seconds": seconds, "megabytes": high_water_mb()}
    file = Path(result)
    file.parent.mkdir(exist_ok=True)
    write(file)
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
