# A fresh machine needs Python 3.11 or newer and make; everything else lands in .venv.
# `make` alone lists the targets. Override with, say, `make run PYTHON=python3.13 PORT=9000`.

PYTHON ?= python3
PORT ?= 8501

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input

# A stamp is newer than what it was made from, so an unchanged requirements file installs nothing again.
CREATED := $(VENV)/.created
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
PROJECT := $(VENV)/.project
UV := $(VENV)/.uv/bin/uv

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help run test lint format docs requirements bench screenshots notebook clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUNTIME) $(PROJECT) ## Start the app on http://localhost:8501 (PORT=... for another port)
	$(PY) -m streamlit run app.py --server.port $(PORT) --server.headless true

test: lint ## Lint, then run every test: what CI runs
	$(PY) -m pytest -n 2 --dist loadfile

lint: $(DEV) $(PROJECT) ## Check style, types and the direction of imports
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports --no-logo

format: $(DEV) ## Format the code and fix what ruff can fix
	$(PY) -m ruff check --fix-only .
	$(PY) -m ruff format .

docs: $(RUNTIME) $(PROJECT) ## Regenerate docs/ from the scorecards
	$(VENV)/bin/weighbridge docs

requirements: $(UV) ## Pin requirements*.txt again from pyproject.toml (UPGRADE=1 takes the newest of everything)
	$(COMPILE) pyproject.toml --output-file requirements.txt
	$(COMPILE) pyproject.toml --extra dev --constraint requirements.txt --output-file requirements-dev.txt

COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --no-emit-index-url \
	--custom-compile-command "make requirements" $(if $(UPGRADE),--upgrade)

bench: $(DEV) $(PROJECT) ## Measure speed and size (never asserted in tests)
	$(PY) -m benchmarks

screenshots: $(DEV) $(PROJECT) ## Take the pictures of the pages that README.md shows
	$(PY) docs/screenshots.py

notebook: $(DEV) $(PROJECT) ## Run the notebooks from start to end (tests keep them without outputs)
	$(VENV)/bin/jupyter-execute notebooks/*.ipynb

clean: ## Remove .venv, caches and build leftovers; the data stays
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(CREATED):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Weighbridge needs Python 3.11 or newer; '$(PYTHON)' is not. Try: make PYTHON=python3.13 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(RUNTIME): requirements.txt $(CREATED)
	$(PIP) install --quiet --requirement requirements.txt
	@touch $@

$(DEV): requirements-dev.txt $(RUNTIME)
	$(PIP) install --quiet --requirement requirements-dev.txt
	@touch $@

# Editable in setuptools' compatible mode: one path entry for the whole tree, so that a new package needs no reinstall.
$(PROJECT): pyproject.toml $(RUNTIME)
	$(PIP) install --quiet --no-deps --config-settings editable_mode=compat --editable .
	@touch $@

# Apart from .venv's own packages: uv only writes the requirements files and nothing else needs it.
$(UV): $(CREATED)
	$(PYTHON) -m venv $(VENV)/.uv
	$(VENV)/.uv/bin/python -m pip --disable-pip-version-check --no-input install --quiet uv
