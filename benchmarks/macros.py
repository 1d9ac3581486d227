"""The project's own SQL: dbt compiles the calls of its macros."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def compiled(template: str) -> str:
    """Return what dbt makes of SQL with Jinja.

    The relations of the target ``lint`` are those of a database in memory, which is
    where the contenders run.

    Raises:
        RuntimeError: with dbt's message, when the template does not compile.

    """
    dbt = Path(sys.executable).parent / "dbt"
    done = subprocess.run(
        [dbt, "--quiet", "compile", "--target", "lint", "--inline", template],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"dbt compile failed:\n{done.stdout}{done.stderr}")
    return done.stdout
