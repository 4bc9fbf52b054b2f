# make demo | make test | make dagster. Everything they need is installed from the hash-locked list.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
# Workers of the test suite: one a core.
WORKERS ?= 2
STAMP := $(VENV)/.installed
export IMPORT_RISK_HOME ?= $(CURDIR)/data

.PHONY: demo test faults lint dagster lock clean

$(STAMP): requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -P -c "from dagster_project.definitions import defs; defs()" # parses the dbt project once
	touch $(STAMP)

demo: $(STAMP)
	$(BIN)/import-risk demo

test: $(STAMP) lint
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# The long campaign: more than 200 kills, Dagster's own processes killed, a newer DuckDB. An hour on two idle cores.
faults: $(STAMP)
	$(BIN)/python -m tests.faults.campaign --write
	$(BIN)/python -m tests.faults.reliability_page
	$(BIN)/python -m tests.faults.daemon_killed
	$(BIN)/python -m tests.faults.newer_engine

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

dagster: $(STAMP)
	$(BIN)/import-risk dagster

# After a change of pyproject.toml. The lists must never contain a registry address.
COMPILE = $(BIN)/uv pip compile pyproject.toml --quiet --generate-hashes --no-emit-index-url --no-annotate --no-header --no-strip-extras
lock:
	$(BIN)/python -m pip install --quiet uv
	$(COMPILE) -o requirements/base.txt
	$(COMPILE) --extra dev -c requirements/base.txt -o requirements/dev.txt
	$(COMPILE) --extra dev --extra spark -c requirements/dev.txt -o requirements/spark.txt
	$(COMPILE) --extra audit -c requirements/base.txt -o requirements/audit.txt

clean:
	rm -rf $(IMPORT_RISK_HOME) dbt/target
