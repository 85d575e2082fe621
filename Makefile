# Two commands do all: `make run` and `make test`. They need Python 3.11, make and a package registry.
PYTHON ?= python3
BIN := .venv/bin
export SOCIALMAP_INSTANCE ?= $(CURDIR)/instance

.PHONY: run test check bench bench-relevance soak lock clean

run: .venv/run  ## install, set up, load data/, build the index and serve
	@$(BIN)/flask --app wsgi setup
	@$(BIN)/python wsgi.py

test: .venv/dev  ## install and run every test
	@$(BIN)/pytest -n auto

check: .venv/dev  ## style, types and the structure
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: .venv/dev  ## measure speed and answers beside three peers; SIZES="2000 20000"
	@$(BIN)/python -m bench $(SIZES)

bench-relevance: .venv/dev  ## only how good the answers are
	@$(BIN)/python -m bench.relevance

soak: .venv/dev  ## the long proofs
	@SOCIALMAP_SOAK=1 $(BIN)/pytest -n auto -m soak

lock: .venv/dev  ## compile the requirements again, with hashes
	@$(BIN)/pip-compile -q --upgrade --generate-hashes --strip-extras --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links requirements.in
	@$(BIN)/pip-compile -q --upgrade --allow-unsafe --generate-hashes --strip-extras --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links requirements-dev.in

.venv/run: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev: .venv/run requirements-dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

clean:  ## forget everything that can be made again
	rm -rf .venv instance .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
