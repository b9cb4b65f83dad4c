.PHONY: help run install test check bench
.DEFAULT_GOAL := help

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null && $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PORT ?= 8000

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## */  make \1\t/' | expand -t 16

.venv/made: pyproject.toml package-lock.json hatch_build.py
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with its venv module is needed (on Debian: apt-get install python3-venv)."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/made-dev: .venv/made
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

install: .venv/made ## make .venv and install, browser bundle included

run: .venv/made ## serve the demo: pages, worker and mail catcher
	$(BIN)/vinhdanh demo --port $(PORT)

test: .venv/made-dev ## run every test on SQLite, on PostgreSQL and in the browser
	bash tests/run

check: .venv/made-dev ## static checks of code, architecture, schema and definitions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/vinhdanh check-schema
	$(BIN)/vinhdanh check processes

bench: .venv/made-dev ## measure the completion of a task on both databases
	bash tests/run --bench
