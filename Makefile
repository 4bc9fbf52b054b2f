# make demo | make quick | make test | make mutants | make dagster | make parity. Everything they need is installed from the hash-locked list.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
# Workers of the test suite: one a core.
WORKERS ?= 2
STAMP := $(VENV)/.installed
export IMPORT_RISK_HOME ?= $(CURDIR)/data

SPARK_STAMP := $(VENV)/.installed-spark

.PHONY: demo quick test faults mutants parity lint lint-python dagster lock audit sbom licences clean

$(STAMP): requirements/dev.txt requirements/identity.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/identity.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -P -c "from dagster_project.definitions import defs; defs()" # parses the dbt project once
	touch $(STAMP)

# The second engine (half a gigabyte), only where its Java is; without it the tests of Spark skip and say so.
$(SPARK_STAMP): $(STAMP) requirements/spark.txt
	if java -version 2>&1 | grep -q '"17\.'; then \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/spark.txt && touch $@; \
	else echo "Java 17 is not here: the second engine is not installed, its tests will skip"; fi

demo: $(STAMP)
	$(BIN)/import-risk demo

test: $(STAMP) $(SPARK_STAMP) lint
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadscope --no-loadscope-reorder

# A developer's loop: what needs no whole run and no seconds (marker slow).
quick: $(STAMP) lint-python
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadscope --no-loadscope-reorder -m "not slow" tests/conventions tests/unit

# The long campaign: more than 200 kills, Dagster's own processes killed and asked for parts of runs, a newer DuckDB, and
# twenty orders of deliveries. More than an hour.
faults: $(STAMP)
	$(BIN)/python -m tests.faults.campaign --write
	$(BIN)/python -m tests.faults.reliability_page
	$(BIN)/python -m tests.faults.daemon_killed
	$(BIN)/python -m tests.faults.daemon_selections
	$(BIN)/python -m tests.faults.newer_engine
	IMPORT_RISK_ORDERS=20 $(BIN)/python -m pytest -q tests/faults/test_54_one_by_one.py tests/faults/test_57_new_editions.py

# Does a golden test notice each rule that is wrong by one token? Writes docs/mutants.md.
mutants: $(STAMP)
	$(BIN)/python -m tests.mutants --workers $(WORKERS) --write

# Every mart on DuckDB and Spark: a full build, a new day, late corrections (docs/scale-out.md).
parity: $(STAMP) $(SPARK_STAMP)
	$(BIN)/python -m benchmarks.parity

lint: $(STAMP) lint-python
	PYTHONWARNINGS=ignore $(BIN)/sqlfluff lint --disable-progress-bar dbt/models dbt/tests/singular # its pool warns at the end

lint-python: $(STAMP)
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

# Checking tools live in an environment of their own: what they need is not what the product needs.
AUDIT := .venv-audit
AUDIT_STAMP := $(AUDIT)/.installed
$(AUDIT_STAMP): requirements/audit.txt
	$(PYTHON) -m venv $(AUDIT)
	$(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/audit.txt
	touch $(AUDIT_STAMP)

# Fails too when the index cannot say whether a package is safe (--strict): silence is no answer.
audit: $(AUDIT_STAMP)
	$(AUDIT)/bin/pip-audit --strict --require-hashes --disable-pip -r requirements/base.txt

sbom: $(AUDIT_STAMP)
	mkdir -p dist
	$(AUDIT)/bin/cyclonedx-py requirements requirements/base.txt --pyproject pyproject.toml --output-reproducible --validate -o dist/sbom.cdx.json

licences: $(AUDIT_STAMP)
	mkdir -p dist
	$(AUDIT)/bin/pip-licenses --from mixed --format json --output-file dist/licences.json
	$(AUDIT)/bin/python -m tests.support.licences dist/licences.json

clean:
	rm -rf $(IMPORT_RISK_HOME) dbt/target
