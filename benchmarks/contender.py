"""Runs one contender once, in this process, and prints its seconds and peak memory.

``python -m benchmarks.contender <module> <folder of inputs> <file for the result>``
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from pathlib import Path


def peak_megabytes() -> float:
    """Return the most memory this process has had in use."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def main() -> None:
    """Time the run, from Parquet files to a result in memory; then write the result."""
    module, inputs, result = sys.argv[1:]
    contender = importlib.import_module(module)
    start = time.perf_counter()
    write = contender.run(Path(inputs))
    seconds = time.perf_counter() - start
    measured = {"seconds": seconds, "megabytes": peak_megabytes()}
    file = Path(result)
    file.parent.mkdir(exist_ok=True)
    write(file)
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
