# Every target first makes .venv from the locked requirements, and makes it again only when those change.
PYTHON ?=
ARGS ?=
BIN := .venv/bin
STAMP := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help setup compare serve example test test-lowest lint types bench lock clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP)  ## Make .venv from requirements.txt (done by every other target)

# The first Python that runs and is new enough: a name on the PATH may be a launcher without a Python behind it.
$(STAMP): requirements.txt pyproject.toml
	@set -e; \
	for python in $(or $(PYTHON),python3 python3.11 python3.12 python3.13 python3.14); do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && found=$$python && break; \
	done; \
	[ -n "$$found" ] || { echo 'Parity needs Python 3.11 or newer, and found none. Install one, or name it: make setup PYTHON=/path/to/python3.11' >&2; exit 1; }; \
	echo 'Setting up .venv from requirements.txt (once; about a minute)'; \
	rm -rf .venv; unset PYTHONDONTWRITEBYTECODE; \
	"$$found" -m venv .venv; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .; \
	$(BIN)/python -m compileall -q parity infra backend_http backend_lambda __main__.py
	@touch $@

compare: setup  ## Run the program on this machine and compare its two backends (ARGS=--help for more)
	@$(BIN)/parity compare $(ARGS)

serve: setup  ## Serve the program's API on this machine until Ctrl-C
	@$(BIN)/parity serve $(ARGS)

example: setup  ## Serve examples/orders: custom integrations with SQS and DynamoDB (ARGS=--help for more)
	@$(BIN)/parity serve examples/orders $(ARGS)

test: setup lint types  ## Check style and types, then run every test
	@$(BIN)/python -m pytest -n 2 --dist loadscope $(ARGS)

# A program's own environment may be older than Parity's: the oldest SDK of pyproject.toml, and the oldest Python.
oldest = $(shell sed -n 's/.*"$(1)>=\([0-9.]*\),.*/\1/p' pyproject.toml)
test-lowest: setup  ## Run programs with the oldest Pulumi of pyproject.toml, and with Python 3.9
	@$(BIN)/python -m venv .venv/lock && .venv/lock/bin/pip install --quiet uv
	@.venv/lock/bin/uv venv --quiet --clear --python $(BIN)/python .venv/lowest
	@.venv/lock/bin/uv pip install --quiet --python .venv/lowest \
		'pulumi~=$(call oldest,pulumi).0' 'pulumi-aws~=$(call oldest,pulumi-aws).0'
	@.venv/lock/bin/uv venv --quiet --clear --python 3.9 .venv/python3.9
	@.venv/lock/bin/uv pip install --quiet --python .venv/python3.9 pulumi pulumi-aws
	@PARITY_TEST_ENVIRONMENTS='$(CURDIR)/.venv/lowest:$(CURDIR)/.venv/python3.9' \
		$(BIN)/python -m pytest tests/local/worker/test_environments.py $(ARGS)

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup
	@$(BIN)/mypy

bench: setup  ## Run every benchmark and print the figures that the README quotes
	@$(BIN)/python -m benchmarks $(ARGS)

lock: setup  ## Lock the newest versions that pyproject.toml allows into requirements.txt
	@$(BIN)/python -m venv .venv/lock && .venv/lock/bin/pip install --quiet uv
	@.venv/lock/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 --extra aws --extra dev \
		--no-emit-index-url --no-annotate --custom-compile-command 'make lock' pyproject.toml --output-file requirements.txt

clean:  ## Remove .venv and every cache
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis parity.egg-info build
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
