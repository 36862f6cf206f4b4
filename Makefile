# A fresh machine needs Python 3.11 or newer and make; everything else lands in .venv.
# `make` alone lists the targets. Override with, say, `make run PYTHON=python3.13 PORT=9000`.

PYTHON ?= python3
PORT ?= 8501
REFRESH ?= data/raw/refresh
export CHROMIUM
# The tests start hundreds of commands: without kept bytecode each compiles the whole product anew, which takes longer
# than what it was started for.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input

# A stamp is newer than what it was made from, so an unchanged requirements file installs nothing again.
CREATED := $(VENV)/.created
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
PROJECT := $(VENV)/.project
BROWSER := $(VENV)/.browser
CADDY := $(VENV)/.caddy

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help run test deploy-check lint format docs requirements bench refresh refresh-organisations demo-platforms screenshots notebook notebooks clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUNTIME) $(PROJECT) ## Start the app on http://localhost:8501 (PORT=... for another port)
	$(PY) -m streamlit run serve.py --server.port $(PORT) --server.headless true

# Three processes on two cores: the third works while another waits for a server or a browser.
test: lint $(BROWSER) ## Lint, then run every test (CHROMIUM=... for another browser)
	$(PY) -m pytest -n 3 --dist worksteal -m "not deploy"

deploy-check: $(DEV) $(PROJECT) $(BROWSER) $(CADDY) ## Serve the app behind the proxy of deploy/ and check what gets through
	$(PY) -m pytest -m deploy

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

requirements: $(DEV) ## Pin requirements*.txt again from pyproject.toml (UPGRADE=1 takes the newest of everything)
	$(COMPILE) --extra build --output-file requirements.txt
	$(COMPILE) --extra build --extra dev --constraint requirements.txt --output-file requirements-dev.txt

COMPILE = $(PY) -m uv pip compile pyproject.toml --quiet --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --custom-compile-command "make requirements" $(if $(UPGRADE),--upgrade)

bench: $(DEV) $(PROJECT) ## Measure speed and size (never asserted in tests)
	$(PY) -m benchmarks

# Exit code 1 is some models or calls missing, which the snapshot says; what a model lacks then is kept from the last one.
refresh: $(RUNTIME) $(PROJECT) ## Collect the listed models anew into a snapshot, and sum up what moved (in data/raw/refresh)
	mkdir -p $(REFRESH)
	$(VENV)/bin/weighbridge rank models --format csv | tail -n +2 | cut -d , -f 3 > $(REFRESH)/ids.txt
	$(VENV)/bin/weighbridge collect huggingface --ids $(REFRESH)/ids.txt --run $(REFRESH)/run || [ $$? = 1 ]
	$(VENV)/bin/weighbridge snapshot build --from $(REFRESH)/run --renew || [ $$? = 1 ]
	$(VENV)/bin/weighbridge snapshot verify
	$(VENV)/bin/weighbridge snapshot diff > $(REFRESH)/moved.md

refresh-organisations: $(RUNTIME) $(PROJECT) ## Collect what the organisations of the table publish into a new month
	mkdir -p $(REFRESH)
	$(VENV)/bin/weighbridge collect organisations --run $(REFRESH)/organisations || [ $$? = 1 ]
	$(VENV)/bin/weighbridge snapshot build --from $(REFRESH)/organisations || [ $$? = 1 ]
	$(VENV)/bin/weighbridge snapshot verify

demo-platforms: $(DEV) ## Play all platforms on this machine, to watch a collection without network
	$(PY) -m tests.platforms

screenshots: $(DEV) $(PROJECT) ## Take the pictures of the pages that README.md shows
	$(PY) docs/screenshots.py

notebook: $(DEV) $(PROJECT) ## Open the notebooks in JupyterLab
	$(PY) -m jupyterlab notebooks

notebooks: $(DEV) $(PROJECT) ## Run the notebooks from start to end and keep their outputs
	$(PY) -m tests.notebooks

clean: ## Remove .venv, caches and build leftovers; the data stays
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(CREATED):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Weighbridge needs Python 3.11 or newer; '$(PYTHON)' is not. Try: make PYTHON=python3.13 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(RUNTIME): requirements.txt $(CREATED)
	$(PIP) install --quiet --require-hashes --requirement requirements.txt
	@touch $@

$(DEV): requirements-dev.txt $(RUNTIME)
	$(PIP) install --quiet --require-hashes --requirement requirements-dev.txt
	@touch $@

# Editable in setuptools' compatible mode: one path entry for the whole tree, so that a new package needs no reinstall.
$(PROJECT): pyproject.toml $(RUNTIME)
	$(PIP) install --quiet --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	@touch $@

# Both end with one sentence where there is none and none can be installed.
$(BROWSER): $(DEV)
	$(PY) -m tests.programs chromium
	@touch $@

$(CADDY): $(DEV)
	$(PY) -m tests.programs caddy
	@touch $@
