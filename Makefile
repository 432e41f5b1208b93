# Every target makes .venv first, where there is none or where requirements.lock is newer.
#   make demo ARGS="--no-serve"     arguments for the command behind a target
#   PYTHON=python3.12 make venv     another Python than the first suitable one on the PATH
.DEFAULT_GOAL := help
.PHONY: help venv demo test test-fast lint bench campaign prove mutation fuzz spark lock docs clean

BIN := .venv/bin
ARGS ?=
WORKERS ?= 2
ROUNDS ?= 200
EVENTS ?= 20000
PYTHON ?=

# Asked for by name, another Python replaces the environment.
ifneq ($(PYTHON),)
VERSION := -c 'import sys; print(sys.version_info[:2])'
ifneq ($(shell $(PYTHON) $(VERSION)),$(shell $(BIN)/python $(VERSION) 2>/dev/null))
.PHONY: .venv/locked
endif
endif

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 20

venv: .venv/installed ## install into .venv, only what requirements.lock names

.venv/locked: requirements.lock
	@set -e; \
	for python in $(if $(PYTHON),$(PYTHON),python3 python3.13 python3.12 python3.11) ''; do \
	    $${python:-false} -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && break; \
	done; \
	if [ -z "$$python" ]; then \
	    echo 'Stadtbuch needs Python 3.11, 3.12 or 3.13. Install one, or name it: PYTHON=/path/to/python3.12 make venv' >&2; \
	    exit 3; \
	fi; \
	if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "$$python cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv" >&2; \
	    exit 3; \
	fi; \
	echo "Installing into .venv with $$($$python --version), once, about a minute" >&2; \
	$$python -m venv --clear .venv; \
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/installed: .venv/locked pyproject.toml
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: venv ## fill a city and serve it; ARGS="--no-serve" stops after filling
	@$(BIN)/stadtbuch demo $(ARGS)

test: venv ## the whole suite on the embedded PostgreSQL 18, then its database tests on a local PostgreSQL 15 to 17
	$(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile $(ARGS)
	@local=$$($(BIN)/python tests/local_postgres.py); \
	if [ -z "$$local" ]; then \
	    echo 'Tested on the embedded PostgreSQL 18 only: this machine has no PostgreSQL 15 to 17 of its own.'; \
	else \
	    echo "Passed on the embedded PostgreSQL 18. Now the database tests on the one in $$local:"; \
	    $(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile -m 'database and not any_server' --rounds=5 --postgres-bin="$$local" $(ARGS); \
	fi

test-fast: venv ## the pure tests, of rules, folds and queries, with few examples of each property: in seconds
	$(BIN)/pytest --quiet tests/domain tests/projections -m 'not database and not slow' --hypothesis-profile=quick $(ARGS)

lint: venv ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: venv ## the append benchmark, as ratios to raw PostgreSQL
	@$(BIN)/stadtbuch bench append $(ARGS)

campaign: venv ## kill tests of ROUNDS rounds; state machines until each transition was reached, each rule refused 50 times
	$(BIN)/pytest -m campaign --thorough --rounds=$(ROUNDS) $(ARGS)
	$(MAKE) prove EVENTS=1000000 ARGS="--workers $(WORKERS)"

prove: venv ## prove every read model of a generated city of EVENTS events: live = rebuild = plain fold, by checksum
	@set -e; home=$$(mktemp -d); chmod 755 "$$home"; trap 'rm -rf "$$home"' EXIT; export STADTBUCH_HOME="$$home/city"; \
	$(BIN)/stadtbuch demo --no-serve --events $(EVENTS); $(BIN)/stadtbuch prove $(ARGS)

mutation: venv ## break every rule, both ways, and name the tests that turn red
	$(BIN)/python -m tests.mutation

fuzz: venv ## the property tests with many more examples, and thousands of documents made of the GraphQL schema
	$(BIN)/pytest -m 'not database' --hypothesis-profile=fuzz $(ARGS)
	$(BIN)/pytest tests/infra/test_asgi_fuzz.py --rounds=$(ROUNDS) $(ARGS)

spark: venv ## test rebuilds on Apache Spark: installs 400 MB more, and needs Java 17
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-spark.lock
	$(BIN)/pytest tests/infra/exports/test_spark.py $(ARGS)
	$(MAKE) prove ARGS=--spark

lock: ## resolve the dependencies of pyproject.toml anew into requirements.lock
	@set -e; scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
	python3 -m venv "$$scratch"; "$$scratch/bin/pip" install -qq --disable-pip-version-check uv; \
	"$$scratch/bin/uv" pip compile --quiet --upgrade pyproject.toml --group dev --universal --python-version 3.11 \
	    --fork-strategy fewest --generate-hashes --no-header --output-file requirements.lock; \
	echo 'pyspark>=4.0,<5' | "$$scratch/bin/uv" pip compile --quiet --upgrade - --universal --python-version 3.11 \
	    --generate-hashes --no-header --no-annotate --output-file requirements-spark.lock

docs: venv ## write the pages that are made from the code
	$(BIN)/python -m infra.settings > docs/settings.md
	$(BIN)/python -m infra.familydocs docs/families/*.md
	$(BIN)/python -m graphql_api.rightsdocs > docs/rights.md

clean: ## remove .venv, caches and build results; data stays where STADTBUCH_HOME says
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist
	find domain projections graphql_api infra tests -name __pycache__ -type d -prune -exec rm -rf {} +
