"""Runs dbt in forks of a process that has imported it.

Importing dbt takes seconds, and the tests run it dozens of times; SciPy, which training
imports, takes one more. A fork ends as a process of its own does: with what dbt does at
exit, and the status that it ends with. Forks share the seed of Python's hashes;
`goldleaf replay` and `leak-proof` do not.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def run_dbt(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run dbt from a folder, and return what it printed and its status."""
    server = _server()
    assert server.stdin
    assert server.stdout
    with tempfile.TemporaryDirectory() as temporary:
        printed = [Path(temporary, name) for name in ("stdout", "stderr")]
        request = {
            "command": ["dbt", *arguments],
            "folder": str(folder),
            "environment": dict(environment),
            "printed": [str(file) for file in printed],
        }
        print(json.dumps(request), file=server.stdin, flush=True)
        status = int(server.stdout.readline())
        texts = [file.read_text() for file in printed]
    return subprocess.CompletedProcess(request["command"], status, *texts)


@cache
def _server() -> subprocess.Popen[str]:
    """Return the process that forks; it ends when its input does."""
    server = subprocess.Popen(
        [sys.executable, __file__],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # or NumPy starts threads
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(server.communicate)
    return server


def _serve(requests: TextIO, statuses: TextIO) -> None:
    # Not what starts threads, as DuckDB and Arrow do: a fork would be without them.
    import dbt.adapters.sql  # noqa: F401
    import scipy.stats  # noqa: F401
    from dbt.cli.main import cli

    for line in requests:
        child = os.fork()
        if child == 0:
            _become(**json.loads(line))
            sys.exit(cli())
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), file=statuses, flush=True)


def _become(
    command: list[str], folder: str, environment: dict[str, str], printed: list[str]
) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = command
    sys.path[0] = str(Path(sys.executable).parent)  # where the command `dbt` lies
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for descriptor, file in enumerate(printed, start=1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), descriptor)


if __name__ == "__main__":
    _serve(sys.stdin, sys.stdout)
