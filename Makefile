# Set-up on a fresh machine needs python3 (3.10 or later, with venv), make and git. Everything else is installed into .venv.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PINS   := tests/requirements.txt

.PHONY: help demo test check format editors bench pins clean
.DEFAULT_GOAL := help

help:  ## say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1	/' | expand -t 16

demo: $(VENV)/.runtime  ## install, run the server on a sample workspace, show what an editor would show
	$(BIN)/python tests/demo/demo.py

test: check $(VENV)/.editors  ## everything CI runs
	$(BIN)/python -m pytest -n 2 --dist loadgroup --durations=10 tests

check: $(VENV)/.tests  ## format, lint, types, floors, rules
	$(BIN)/ruff format --check server tests
	$(BIN)/ruff check server tests
	$(BIN)/basedpyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports --no-cache
	$(BIN)/tightlip rules test

format: $(VENV)/.tests  ## write the format that `check` asks for
	$(BIN)/ruff check --fix server tests
	$(BIN)/ruff format server tests

editors: $(VENV)/.editors  ## drive VS Code, Neovim, Emacs and Vim for real; pictures go to .venv/editors/shots
	$(BIN)/python -m pytest -n 2 --dist loadgroup tests/editors

bench: $(VENV)/.tests $(VENV)/.peers  ## what is found and how fast, beside a bare server and beside peers
	$(BIN)/python -m tests.bench

pins: $(VENV)/.tests  ## compile the pinned versions anew
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.10 --no-emit-index-url --no-annotate --no-header \
		pyproject.toml tests/requirements.in -o $(PINS)

clean:  ## remove what make made
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { echo "tightlip needs Python 3.10 or later; name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "python3 has no venv module; on Debian: apt-get install python3-venv" >&2; exit 1; }

# pins are constraints here: the demo installs what a user gets, in the versions that were tested
$(VENV)/.runtime: $(VENV)/bin/python pyproject.toml $(PINS)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(PINS) -e .
	$(BIN)/tightlip rules list >/dev/null  # compiles the rules once, so that the first start is as fast as the next
	@touch $@

# each peer on its own: one that cannot be had is named, and the others are measured all the same
$(VENV)/.peers: tests/bench/peers.txt $(VENV)/bin/python
	@$(PYTHON) -m venv $(VENV)/peers
	@grep -v '^#' tests/bench/peers.txt | while read -r peer; do \
		$(VENV)/peers/bin/python -m pip install --quiet --disable-pip-version-check "$$peer" || echo "cannot be had: $$peer" >&2; \
	done
	@touch $@

# looks every time: what is there already is left alone, and a client whose sources have changed is built anew
.PHONY: $(VENV)/.editors
$(VENV)/.editors: $(VENV)/.tests
	$(BIN)/python tests/editors/install.py

$(VENV)/.tests: $(VENV)/.runtime tests/requirements.in
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(PINS) -r tests/requirements.in
	@touch $@
