# FPL Pulse. `make` lists the targets. Needs Python 3.11, 3.12 or 3.13 and a package index.

SHELL := /bin/sh
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Import from include/ and from here. Ignore the caller's PYTHONPATH and user-wide packages.
RUN := PYTHONPATH=include:. PYTHONNOUSERSITE=1 $(BIN)/python
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	--custom-compile-command 'make requirements' $(UPGRADE)
# mypy fails on a folder without a module.
SOURCES := include dags dev $(if $(wildcard plugins/*.py),plugins) tests
QUIETLY := --no-psqlrc --quiet --set=ON_ERROR_STOP=1
ARGS ?=
FILE ?= fpl-pulse.dump
# Number of test processes. tests/conftest.py distributes the tests.
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help install demo up down status week airflow mappings crosswalk alerts archive psql backup restore reader pack export api unit test coverage weeks season soak hostile convergence crashes operator mistakes outages runbook browser mutants objectstore bench matrix replay-is-set lint format requirements dictionary cookbook dags approve pictures schema clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

install: $(STAMP) ## install all packages into .venv

demo: $(STAMP) ## run one week of a made-up season on a real Airflow and Postgres, print the results, stop
	@$(RUN) -m dev.local demo

up: $(STAMP) ## start Airflow and Postgres in the background, print address, login and what is paused; UNPAUSE=1 switches all pipelines on
	@$(RUN) -m dev.local up $(if $(UNPAUSE),--unpause '$(UNPAUSE)')

down: $(STAMP) ## stop what `make up`, or a demo in another terminal, has started
	@$(RUN) -m dev.local down

# Status 3 of the command says that the stack is down, which is an answer and no error.
status: $(STAMP) ## is this week all right? Its runs, alerts, review cases, quota and forecast; and which processes run
	@$(RUN) -m dev.local status || [ $$? -eq 3 ]

week: $(STAMP) ## run one week with the connections of the environment; MONDAY=2025-10-13 selects the week
	@$(RUN) -m dev.local week $(if $(MONDAY),--monday $(MONDAY))

airflow: $(STAMP) ## run an airflow command on the running stack: ARGS='dags list'
	@$(RUN) -m dev.local run airflow $(ARGS)

mappings: export FPL_PULSE_BECAUSE := $(value BECAUSE)
mappings: $(STAMP) ## print the identity mappings; ARGS=review, or decide: ARGS='accept 1234 5678' BECAUSE='...'
	@$(RUN) -m dev.local run python -m fpl_pulse.cli.mappings $(or $(ARGS),report)

# Status 3 of the command says that there are disagreements. What is typed reaches the command in the environment, so that
# no shell interprets it. FILE has a default above, which is a backup.
crosswalk: export FPL_PULSE_TYPED_FILE := $(if $(filter file,$(origin FILE)),people.csv,$(value FILE))
crosswalk: export FPL_PULSE_TYPED_ACCEPT_SMALLER := $(value ACCEPT_SMALLER)
crosswalk: $(STAMP) ## store ids of other providers from a public register, and list where it and the mappings disagree: FILE=people.csv
	@$(RUN) -m dev.local run python -m fpl_pulse.cli.crosswalk $(ARGS)

alerts: export FPL_PULSE_BECAUSE := $(value BECAUSE)
alerts: $(STAMP) ## print the open alerts, or close one: ARGS='close 12' BECAUSE='...'
	@$(RUN) -m dev.local run python -m fpl_pulse.cli.alerts $(or $(ARGS),list)

archive: $(STAMP) ## print a digest of all tables (ARGS='digest --season 2025-26': of a season); ARGS=rehearse or ARGS=rebuild rebuilds them from the archive
	@$(RUN) -m dev.local run python -m fpl_pulse.cli.archive $(or $(ARGS),digest)

psql: $(STAMP) ## query the running stack: ARGS='-c "select * from pulse.freshness_summary"'
	@$(RUN) -m dev.local run psql $(ARGS)

backup restore: export FPL_PULSE_TYPED_FILE := $(value FILE)

backup: $(STAMP) ## dump the running stack's data into FILE=fpl-pulse.dump
	@$(RUN) -m dev.local run pg_dump --format=custom --schema=pulse --no-owner --file="$$FPL_PULSE_TYPED_FILE"
	@ls -l -- "$$FPL_PULSE_TYPED_FILE"

# The data of before stays until the dump is restored. Dropping the objects of the dump one by one (--clean) would fail on
# those that the dump does not know. pg_restore needs --dbname: with a setting instead of a name, it takes the name from
# the environment.
restore: $(STAMP) ## replace the running stack's data by FILE=fpl-pulse.dump; the data of before stays when that fails
	@$(RUN) -m dev.local run psql $(QUIETLY) --command 'alter schema pulse rename to pulse_before'
	@if $(RUN) -m dev.local run pg_restore --no-owner --single-transaction --dbname=connect_timeout=10 "$$FPL_PULSE_TYPED_FILE"; then \
	  $(RUN) -m dev.local run psql $(QUIETLY) --command 'set client_min_messages = warning' \
	    --command 'drop schema if exists webapp, fpl, pulse_before cascade' && \
	  $(RUN) -m dev.local run python -m fpl_pulse.cli.schema upgrade; \
	else \
	  $(RUN) -m dev.local run psql $(QUIETLY) --command 'alter schema pulse_before rename to pulse'; \
	  echo "Nothing was restored: the data is that of before." >&2; exit 1; \
	fi

reader: $(STAMP) ## create the database user pulse_reader on the running stack, or give it a new password: it reads the views only
	@$(RUN) -m dev.local run python -m fpl_pulse.cli.reader

api: $(STAMP) ## serve the JSON API of the running stack alone: http://127.0.0.1:8321; in Airflow it is below /fpl-pulse
	@$(RUN) -m dev.local run python -m fpl_pulse.cli.api $(ARGS)

# As above. FILE has another default.
pack: export FPL_PULSE_TYPED_GW := $(value GW)
pack: export FPL_PULSE_TYPED_SEASON := $(value SEASON)
export: export FPL_PULSE_TYPED_GW := $(value GW)
export: export FPL_PULSE_TYPED_SEASON := $(value SEASON)
export: export FPL_PULSE_TYPED_VIEW := $(value VIEW)
export: export FPL_PULSE_TYPED_FORMAT := $(value FORMAT)
export: export FPL_PULSE_TYPED_PLAYER := $(value PLAYER)
export: export FPL_PULSE_TYPED_FILE := $(if $(filter file,$(origin FILE)),,$(value FILE))

pack: $(STAMP) ## write the pack of a gameweek into packs/: GW=7, the newest without it; SEASON=2025-26
	@$(RUN) -m dev.local run python -m fpl_pulse.cli.pack $(ARGS)

export: $(STAMP) ## write one view as a file: VIEW=player_matches FORMAT=parquet (or csv, json); SEASON=, GW=, PLAYER=, FILE=
	@$(RUN) -m dev.local run python -m fpl_pulse.cli.export $(ARGS)

unit: $(STAMP) ## run the tests that need no Postgres and no Airflow: seconds
	@$(RUN) -m pytest -n $(WORKERS) tests/unit $(ARGS)

test: $(STAMP) ## run all tests except the long suites; ARGS='-m "not e2e" -x' is passed to pytest
	@$(RUN) -m pytest -n $(WORKERS) --no-loadscope-reorder $(ARGS)

coverage: $(STAMP) ## print the branch coverage of the product by tests that run in the test process
	@$(RUN) -m pytest -n $(WORKERS) --cov --cov-report=term-missing tests/unit tests/db tests/dags tests/local $(ARGS)

weeks: $(STAMP) replay-is-set ## long: three replayed weeks of a real season on a real Airflow
	@$(RUN) -m pytest -s tests/long/test_three_real_weeks.py $(ARGS)

season: $(STAMP) replay-is-set ## long: every week of a real season: identity resolution compared with the truth, and FPL's responses
	@$(RUN) -m pytest -s tests/long/test_identity_resolution_all_season.py tests/long/test_fpl_all_season.py $(ARGS)

soak: $(STAMP) replay-is-set ## long: ten weeks with injected faults must end with the tables of ten weeks without
	@$(RUN) -m pytest -q --show-capture=no tests/long/test_soak.py $(ARGS)

# The retry rules import Airflow, which makes a folder at its import.
hostile: $(STAMP) ## long: weeks in which a source is wrong must leave no trace; ARGS='--seed 7 --scenario 123' plays one again
	@home=$$(mktemp -d) && trap 'rm -rf "$$home"' EXIT && AIRFLOW_HOME=$$home $(RUN) -m dev.hostile $(ARGS)

convergence: $(STAMP) ## long: wrong responses in one week leave no trace, on the sandbox's whole league; each kind of fault by itself
	@$(RUN) -m pytest -n $(WORKERS) tests/db/convergence $(ARGS)

crashes: $(STAMP) ## long: kill and clear runs of a real Airflow, and compare the tables
	@$(RUN) -m pytest tests/long/test_crashes_and_clears.py $(ARGS)

operator: $(STAMP) ## long: an operator's week on a real Airflow: backfills, failures, clears, missed deadlines
	@$(RUN) -m pytest tests/long/test_operators_week.py tests/long/test_missed_deadlines.py $(ARGS)

mistakes: $(STAMP) ## long: mistakes of people on a real Airflow: marks, deletions, clears, pauses, a rotated key, a full disk
	@$(RUN) -m pytest tests/long/test_mistakes.py tests/long/test_mistakes_of_an_installation.py $(ARGS)

outages: $(STAMP) ## long: outages of hours on a real Airflow with its schedule on: the week goes on by itself
	@$(RUN) -m pytest tests/long/test_outages.py $(ARGS)

runbook: $(STAMP) ## long: follow each section of the runbook on a real Airflow, word for word; ARGS='-k backup'
	@$(RUN) -m pytest -s tests/long/runbook $(ARGS)

browser: $(STAMP) ## long: every page in a Chromium, inside a real Airflow: themes, phone, keyboard, decisions, hostile names
	@$(RUN) -m pytest tests/long/browser $(ARGS)

mutants: $(STAMP) ## long: break the code at listed places; a test must fail for each
	@$(RUN) -m pytest tests/long/test_mutants.py $(ARGS)

objectstore: $(STAMP) ## long: packs on a real S3 server; its packages go into .local/venv-s3
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .local/venv-s3
	@$(BIN)/uv pip install --quiet --python .local/venv-s3/bin/python -r requirements.txt -r requirements-dev.txt \
	  -r requirements-s3.txt -r requirements-objectstore.txt
	@PYTHONPATH=include:. PYTHONNOUSERSITE=1 .local/venv-s3/bin/python -m pytest tests/long/test_packs_in_s3.py $(ARGS)

bench: $(STAMP) ## measure the speed and print each figure with its goal, half an hour; ARGS='loads growth' measures parts
	@$(RUN) -m dev.bench $(ARGS)

matrix: $(STAMP) ## long: install, unit tests and demo on each Python of this machine, also as an ordinary user in an odd path without HOME; ARGS='--python 3.12'
	@$(RUN) -m dev.matrix $(ARGS)

replay-is-set:
	@if [ -z "$$FPL_PULSE_REPLAY_URL" ]; then \
	  echo "FPL_PULSE_REPLAY_URL is not set. Set it to the address of the replay of a real season, such as http://127.0.0.1:18700." >&2; \
	  exit 1; \
	fi

lint: $(STAMP) ## check style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(SOURCES)

format: $(STAMP) ## fix and format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

requirements: $(STAMP) ## compile requirements*.in to requirements*.txt; UPGRADE=--upgrade selects newer versions
	$(COMPILE) requirements-uv.in -o requirements-uv.txt
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt
	$(COMPILE) requirements-s3.in -o requirements-s3.txt
	$(COMPILE) requirements-objectstore.in -o requirements-objectstore.txt

dictionary: $(STAMP) ## generate docs/data-dictionary.md from the migrations
	@FPL_PULSE_WRITE_DICTIONARY=1 $(RUN) -m pytest -q tests/db/test_data_dictionary.py

cookbook: $(STAMP) ## run the questions of docs/cookbook.md on the sandbox, and write the results into the page
	@FPL_PULSE_WRITE_COOKBOOK=1 $(RUN) -m pytest -q tests/db/test_cookbook.py

dags: $(STAMP) ## generate docs/dags.md from the DAGs
	@home=$$(mktemp -d) && trap 'rm -rf "$$home"' EXIT && \
	  AIRFLOW_HOME=$$home AIRFLOW__CORE__LOAD_EXAMPLES=False $(RUN) -m fpl_pulse.cli.docs >$$home/dags.md && \
	  cp $$home/dags.md docs/dags.md

approve: $(STAMP) ## approve the charts as they are drawn now, for the tests that compare pictures; look at tests/unit/charts/approved
	@FPL_PULSE_APPROVE_PICTURES=1 $(RUN) -m pytest -q tests/unit/charts/test_approved_pictures.py

pictures: $(STAMP) ## draw the pictures of README.md from a week of the sandbox
	@$(RUN) -m dev.readme_pictures

schema: $(STAMP) ## migrate the database of the connection fpl_postgres
	@$(RUN) -m fpl_pulse.cli.schema upgrade

clean: ## stop the local stack, remove its data and .venv
	@if [ -x $(BIN)/python ] && [ -f $(STAMP) ]; then $(RUN) -m dev.local clean; fi
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

# Try each Python by running it. A name on the PATH may be a shim without an interpreter.
$(STAMP): requirements-uv.txt requirements.txt requirements-dev.txt
	@if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	  found=; \
	  for candidate in $(or $(PYTHON),python3.13 python3.12 python3.11 python3 python); do \
	    if "$$candidate" -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	      >/dev/null 2>&1; then found=$$candidate; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "FPL Pulse needs Python 3.11, 3.12 or 3.13 with its venv module. $(if $(PYTHON),$(PYTHON) is none of these,None was found). Name one with: make PYTHON=/path/to/python3.13" >&2; \
	    exit 1; \
	  fi; \
	  echo "Making $(VENV) with $$("$$found" --version)"; \
	  "$$found" -m venv --clear $(VENV); \
	fi
	@echo "Installing packages into $(VENV) (half a minute the first time)"
	@# Without a home folder there is no place for a cache: pip would warn and uv would fail.
	@[ -w "$${HOME:-/nonexistent}" ] || { export PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1; }; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --root-user-action ignore --require-hashes \
	    -r requirements-uv.txt && \
	  $(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes \
	    -r requirements.txt -r requirements-dev.txt
	@touch $@
