# The commands strangers rely on. `make run` is all a visitor needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run setup setup-dev test check bench shape clean

run: setup
	exec $(BIN)/python app.py

setup: $(VENV)/.installed

setup-dev: $(VENV)/.installed-dev

$(BIN)/python:
	$(PYTHON) deploy/check_python.py
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

test: setup-dev
	sh deploy/install_test_servers.sh
	$(BIN)/python -m pytest

check: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_floors.py tests/test_catalogs.py tests/test_docs.py

bench: setup-dev
	sh deploy/install_test_servers.sh
	$(BIN)/python -m bench

shape: setup-dev
	$(BIN)/python -m bench.shape

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
