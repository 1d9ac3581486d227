"""The project's own SQL: dbt compiles the calls of its macros, and its models."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]


def compiled(template: str) -> str:
    """Return what dbt makes of SQL with Jinja.

    The relations of the target ``lint`` are those of a database in memory, which is
    where the contenders run.

    Raises:
        RuntimeError: with dbt's message, when the template does not compile.

    """
    return _compile("--target", "lint", "--inline", template)


def compiled_models(*names: str) -> dict[str, str]:
    """Return what dbt makes of some models of the project, for the lake.

    Raises:
        RuntimeError: with dbt's message, when they do not compile, or when another
            process holds the lake.

    """
    with TemporaryDirectory() as folder:
        _compile("--select", *names, "--target-path", folder)
        return sql_of(Path(folder), *names)


def sql_of(target: Path, *names: str) -> dict[str, str]:
    """Return the SQL of models that dbt compiled into a target folder, by name."""
    models = target / "compiled" / "goldleaf" / "models"
    return {
        name: next(
            file
            for file in models.rglob(f"{name}.sql")
            if file.parent.suffix != ".yml"  # there lie the inputs of unit tests
        ).read_text()
        for name in names
    }


def _compile(*arguments: str) -> str:
    dbt = Path(sys.executable).parent / "dbt"
    done = subprocess.run(
        [dbt, "--quiet", "compile", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"dbt compile failed:\n{done.stdout}{done.stderr}")
    return done.stdout
