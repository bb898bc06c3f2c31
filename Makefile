# The commands people and CI run. They need Python 3.11+, make and a package index; nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
BI_VENV := .venv-bi
BI_INSTALLED := $(BI_VENV)/.installed
# Superset runs on 3.11 and 3.12; the first of them this machine has.
BI_PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || echo python3.11)

# No tool phones home.
export DAGSTER_DISABLE_TELEMETRY := yes
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export GX_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Further options of `demo`, `ui` and `bi`, for example: make demo OPTIONS="--people 10000"
OPTIONS :=

.PHONY: install demo test ui bi bi-install lint bench bench-connectors bench-faults bench-identity bench-inbox bench-incremental bench-interactive bench-kills bench-prediction bench-publication docs lineage clean

install: $(INSTALLED)

# --no-deps: the lock is complete, so nothing outside it can slip in; `pip check` proves that it is.
$(INSTALLED): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; choose one with make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m pip check
	@touch $@

demo: install
	$(BIN)/lifecycle demo $(OPTIONS)

test: install
	$(BIN)/python -m pytest

ui: install
	$(BIN)/lifecycle ui $(OPTIONS)

# Superset lives in an environment of its own, made on the first `make bi` and by the gate; neither `install` nor `test`
# makes it.
bi-install: $(BI_INSTALLED)

$(BI_INSTALLED): requirements-bi.lock
	$(BI_PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)) and "Superset needs Python 3.11 or 3.12; choose one with make BI_PYTHON=python3.12 bi")'
	$(BI_PYTHON) -m venv $(BI_VENV)
	$(BI_VENV)/bin/python -m pip install --quiet --no-deps --requirement requirements-bi.lock
	$(BI_VENV)/bin/python -m pip check
	@touch $@

bi: install bi-install
	data="$$($(BIN)/python -c 'from ingestion.settings import load_settings; print(load_settings().data_dir)')" && \
		exec $(BI_VENV)/bin/python bi/superset/serve.py --data "$$data" $(OPTIONS)

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/hadolint deploy/Containerfile

bench: install
	$(BIN)/python -m benchmarks

bench-identity: install
	$(BIN)/python -m benchmarks.identity

bench-inbox: install
	$(BIN)/python -m benchmarks.inbox

bench-incremental: install
	$(BIN)/python -m benchmarks.incremental

bench-interactive: install
	$(BIN)/python -m benchmarks.interactive

bench-connectors: install
	$(BIN)/python -m benchmarks.connectors

bench-publication: install
	$(BIN)/python -m benchmarks.publication

bench-prediction: install
	$(BIN)/python -m benchmarks.prediction

bench-faults: install
	$(BIN)/python -m benchmarks.fault_schedules

bench-kills: install
	$(BIN)/python -m benchmarks.kills

docs: install
	$(BIN)/python -m ingestion.dbt_sources
	$(BIN)/python -m orchestration.data_dictionary
	$(BIN)/python -m orchestration.marts_contract

# What every column is made of: of a first run, and of one on tables that exist.
lineage: install
	rm -rf data-lineage && mkdir data-lineage && mv orchestration/assets/column_lineage.json data-lineage/before.json
	export LIFECYCLE_DATA_DIR=data-lineage && $(BIN)/lifecycle demo --people 100 && $(BIN)/lifecycle run \
		&& mv data-lineage/dbt/column_lineage.json orchestration/assets/ \
		|| { mv data-lineage/before.json orchestration/assets/column_lineage.json; exit 1; }
	rm -rf data-lineage

clean:
	rm -rf $(VENV) $(BI_VENV) target logs .pytest_cache .ruff_cache .hypothesis
