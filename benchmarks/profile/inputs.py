"""Writes the made-up rows and prints their number by size.

``python -m benchmarks.profile.inputs <folder> <rows> ...``
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks.macros import compiled
from benchmarks.profile.goldleaf import SCRIPT, template
from benchmarks.profile.rows import write_rows


def main() -> None:
    """Write the rows, and the project's SQL beside them."""
    folder, *sizes = sys.argv[1:]
    script = compiled(template())
    for rows in sizes:
        write_rows(Path(folder) / rows, int(rows))
        (Path(folder) / rows / SCRIPT).write_text(script)
    print(json.dumps({rows: int(rows) for rows in sizes}))


if __name__ == "__main__":
    main()
