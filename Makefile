# FPL Pulse. `make` alone lists what there is. Needs Python 3.11, 3.12 or 3.13 and the network's package index.

SHELL := /bin/sh
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Modules come from include/; user-wide packages and another PYTHONPATH stay out.
RUN := PYTHONPATH=include:. PYTHONNOUSERSITE=1 $(BIN)/python
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	--custom-compile-command 'make requirements' $(UPGRADE)
# mypy refuses a folder without a module.
SOURCES := include dags dev $(if $(wildcard plugins/*.py),plugins) tests
ARGS ?=
FILE ?= fpl-pulse.dump
# So many processes share the tests, as tests/conftest.py says.
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help install demo up down status week airflow mappings archive psql backup restore test season soak crashes operator mutants replayed lint format requirements dictionary dags schema clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

install: $(STAMP) ## install everything into .venv

demo: $(STAMP) ## a week of a pretend season from nothing to tables: sandbox, Postgres, Airflow; stops by itself
	@$(RUN) -m dev.local demo

up: $(STAMP) ## start Airflow and Postgres in the background and say where they are
	@$(RUN) -m dev.local up

down: $(STAMP) ## stop what `make up` (or a demo elsewhere) has started
	@$(RUN) -m dev.local down

status: $(STAMP) ## say what of the local stack runs
	@$(RUN) -m dev.local status

week: $(STAMP) ## a week against the connections of the environment; MONDAY=2025-10-13 chooses another
	@$(RUN) -m dev.local week $(if $(MONDAY),--monday $(MONDAY))

airflow: $(STAMP) ## an airflow command on the running stack: ARGS='dags list'
	@$(RUN) -m dev.local run airflow $(ARGS)

mappings: export FPL_PULSE_BECAUSE := $(value BECAUSE)
mappings: $(STAMP) ## who is who on the running stack; ARGS=review, or a decision: ARGS='accept 1234 5678' BECAUSE='...'
	@$(RUN) -m dev.local run python -m fpl_pulse.cli.mappings $(or $(ARGS),report)

archive: $(STAMP) ## the running stack's tables as a digest; ARGS=rehearse or ARGS=rebuild builds them anew from the archive
	@$(RUN) -m dev.local run python -m fpl_pulse.cli.archive $(or $(ARGS),digest)

psql: $(STAMP) ## ask the running stack's tables: ARGS='-c "select * from pulse.freshness"'
	@$(RUN) -m dev.local run psql $(ARGS)

backup: $(STAMP) ## the running stack's data into one file: FILE=fpl-pulse.dump
	@$(RUN) -m dev.local run pg_dump --format=custom --schema=pulse --no-owner --file='$(FILE)'
	@ls -l '$(FILE)'

# pg_restore wants a database to be named; a setting in its place leaves the name to the environment.
restore: $(STAMP) ## that file into the running stack, in place of what is there; all of it or nothing
	@$(RUN) -m dev.local run pg_restore --clean --if-exists --no-owner --single-transaction --dbname=connect_timeout=10 '$(FILE)'
	@$(RUN) -m dev.local run python -m fpl_pulse.cli.schema upgrade

test: $(STAMP) ## run the tests; ARGS='-m "not e2e" -x' goes to pytest
	@$(RUN) -m pytest -n $(WORKERS) --no-loadscope-reorder $(ARGS)

season: $(STAMP) replayed ## who is who in every week of a real season, against the truth: some minutes; needs FPL_PULSE_REPLAY_URL
	@$(RUN) -m pytest -m season -s tests/replay/test_identity_resolution_all_season.py $(ARGS)

soak: $(STAMP) replayed ## ten weeks of that season full of faults must end as ten quiet weeks: some minutes, prints the figures
	@$(RUN) -m pytest -q -m soak --show-capture=no tests/replay/test_soak.py $(ARGS)

mutants: $(STAMP) ## named places of the code broken on purpose; the test of each must notice
	@$(RUN) -m pytest -m mutants tests/mutants $(ARGS)

replayed:
	@if [ -z "$$FPL_PULSE_REPLAY_URL" ]; then \
	  echo "FPL_PULSE_REPLAY_URL is not set: it is the address of the replay of a real season, such as http://127.0.0.1:18700" >&2; \
	  exit 1; \
	fi

crashes: $(STAMP) ## kill and clear what a whole Airflow is at work on, and compare the tables: some minutes
	@$(RUN) -m pytest -m crashes tests/e2e/test_crashes_and_clears.py $(ARGS)

operator: $(STAMP) ## an operator's week on a whole Airflow: backfills, triggers, failures, clears, a missed deadline; some minutes
	@$(RUN) -m pytest -m operator tests/e2e/test_operators_week.py $(ARGS)

lint: $(STAMP) ## check form and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(SOURCES)

format: $(STAMP) ## bring the code into form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

requirements: $(STAMP) ## compile requirements*.in into requirements*.txt; UPGRADE=--upgrade takes newer versions
	$(COMPILE) requirements-uv.in -o requirements-uv.txt
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt

dictionary: $(STAMP) ## write docs/data-dictionary.md anew from the migrations
	@FPL_PULSE_WRITE_DICTIONARY=1 $(RUN) -m pytest -q tests/db/test_data_dictionary.py

dags: $(STAMP) ## write docs/dags.md anew from the DAGs
	@home=$$(mktemp -d) && trap 'rm -rf "$$home"' EXIT && \
	  AIRFLOW_HOME=$$home AIRFLOW__CORE__LOAD_EXAMPLES=False $(RUN) -m fpl_pulse.cli.docs >$$home/dags.md && \
	  cp $$home/dags.md docs/dags.md

schema: $(STAMP) ## bring the database of the connection fpl_postgres up to date
	@$(RUN) -m fpl_pulse.cli.schema upgrade

clean: ## stop everything, remove its data and .venv
	@if [ -x $(BIN)/python ] && [ -f $(STAMP) ]; then $(RUN) -m dev.local clean; fi
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

# A python is tried by running it: a name on the PATH may be a shim with nothing behind it.
$(STAMP): requirements-uv.txt requirements.txt requirements-dev.txt
	@if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	  found=; \
	  for candidate in $(or $(PYTHON),python3.13 python3.12 python3.11 python3 python); do \
	    if "$$candidate" -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	      >/dev/null 2>&1; then found=$$candidate; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "FPL Pulse needs Python 3.11, 3.12 or 3.13 with its venv module; $(if $(PYTHON),$(PYTHON) is none of these,none was found). Name one with: make PYTHON=/path/to/python3.13" >&2; \
	    exit 1; \
	  fi; \
	  echo "Making $(VENV) with $$("$$found" --version)"; \
	  "$$found" -m venv --clear $(VENV); \
	fi
	@echo "Installing packages into $(VENV) (half a minute the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes \
	  -r requirements.txt -r requirements-dev.txt
	@touch $@
