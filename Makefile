# Needs Python 3.11 or newer and make; everything else it fetches itself, pinned by requirements*.lock.
SHELL := /bin/bash
ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c '$(ENOUGH)' >/dev/null 2>&1 && { echo $$p; break; }; done)
VENV := .venv
PY := $(VENV)/bin/python
INSTALL := $(PY) -m pip install -qq --disable-pip-version-check --no-input
COMPILE := $(VENV)/bin/uv pip compile pyproject.toml - --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --quiet --extra demo
ARGS ?=
WORKERS ?= 4

.PHONY: demo test check bench fuzz chaos lock clean python

demo: $(VENV)/.demo   ## the whole desk on this machine; ARGS=--once handles the sample mails and ends
	@exec $(PY) -m bot demo $(ARGS)

test: $(VENV)/.dev   ## every test, several at a time (most wait for servers); ARGS go to pytest
	@$(PY) -m bot.demo.fetch .tools >/dev/null
	$(PY) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: $(VENV)/.dev   ## lint, types, import contracts
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo

bench: $(VENV)/.dev   ## measures speed on this machine; asserts nothing
	$(PY) -m tests.bench $(ARGS)

fuzz: $(VENV)/.dev   ## the properties, for much longer than `make test` tries them
	HYPOTHESIS_PROFILE=fuzz $(PY) -m pytest -m fuzz $(ARGS)

chaos: $(VENV)/.dev   ## kills the process at many more points than `make test` does
	@$(PY) -m bot.demo.fetch .tools >/dev/null
	CHAOS=1 $(PY) -m pytest -m chaos $(ARGS)

lock: $(VENV)/.dev   ## writes requirements.lock and requirements-dev.lock anew from pyproject.toml
	echo 'setuptools>=77' | $(COMPILE) -o requirements.lock
	echo 'setuptools>=77' | $(COMPILE) --group dev --constraint requirements.lock -o requirements-dev.lock

clean:   ## removes what make made
	rm -rf $(VENV) .tools .demo build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

python:
	@test -n '$(PYTHON)' && $(PYTHON) -c '$(ENOUGH)' || { \
		echo 'Rightsdesk needs Python 3.11 or newer, and none is on the PATH. Name one: make PYTHON=/path/to/python3.11 ...' >&2; exit 2; }

$(PY): | python
	@echo 'Making $(VENV) with $(shell $(PYTHON) --version 2>/dev/null)' && $(PYTHON) -m venv $(VENV)

$(VENV)/.demo: requirements.lock pyproject.toml | $(PY)
	@echo 'Installing the pinned packages (once; half a minute or so)'
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(PY)
	@echo 'Installing the pinned packages and the test tools (once; half a minute or so)'
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.demo
