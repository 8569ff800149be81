# `make` alone lists the targets. The targets that need the virtual environment in .venv create or update it.

PYTHON ?= python3
VENV := .venv
# Each worker of pytest-xdist starts a PostgreSQL and a service of its own: see tests/README.md.
PARALLEL := --numprocesses=auto --dist=loadgroup
# Nearly all tests of the other folders need a service, and reading those files would take longer than these tests.
FAST := $(addprefix tests/,api architecture assistant benchmarks commands deploy docs domain infra integrations projections search)
PIP := $(VENV)/bin/python -m pip --quiet --disable-pip-version-check --require-virtualenv
# gunicorn's fast parser is compiled. What pip says when there is no compiler does not tell what helps.
EXPLAIN := { echo "If gcc or Python.h is missing (see above), install them, then run make again. Debian and Ubuntu:" \
	"sudo apt install gcc python3-dev" >&2; exit 1; }

# The npm packages in integrations/, which only tests need.
NODE_PACKAGES := $(patsubst %/package-lock.json,%/node_modules/.installed,$(wildcard integrations/*/package-lock.json))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# The tests start hundreds of Python processes. Without compiled modules, each would compile the whole service again.
unexport PYTHONDONTWRITEBYTECODE
MAKEFLAGS += --no-print-directory --no-builtin-rules

.PHONY: help
help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: serve
serve: $(VENV)/.installed  ## Start the API, with its own PostgreSQL unless DATABASE_URL is set; Ctrl-C stops it all
	@exec $(VENV)/bin/smartdhandha serve

.PHONY: test
test: $(VENV)/.installed-test $(NODE_PACKAGES)  ## Run all tests but the longest, in parallel; T=tests/domain runs some, with any arguments of pytest
	@$(VENV)/bin/pytest $(or $(T),$(PARALLEL) -m 'not long' --durations=20)

.PHONY: test-long
test-long: $(VENV)/.installed-test $(NODE_PACKAGES)  ## Run the tests that `make test` has in a short form: all cases, all sizes
	@$(VENV)/bin/pytest -m long $(or $(T),$(PARALLEL) --durations=20)

.PHONY: test-fast
test-fast: $(VENV)/.installed-test  ## Run the tests that need no database, no server and no browser
	@$(VENV)/bin/pytest -m 'fast and not thorough' $(or $(T),--numprocesses=2 --dist=load $(FAST))

.PHONY: coverage
coverage: $(VENV)/.installed-test $(NODE_PACKAGES)  ## Run every test and measure which lines they run; the report is htmlcov/index.html
	@install -d -m 1777 .coverage-data  # root's server processes run as another user, and write there, too
	@COVERAGE_FILE=$(CURDIR)/.coverage-data/coverage \
		$(VENV)/bin/pytest $(or $(T),$(PARALLEL)) --cov --cov-report=term:skip-covered --cov-report=html

.PHONY: watch
watch: $(VENV)/.installed  ## Serve as `make serve` does, and follow changes of code, templates and static files
	@exec $(VENV)/bin/python -m infra.cli.watch

.PHONY: psql
psql: $(VENV)/.installed  ## Open psql on the database that DATABASE_URL names, or on the bundled one
	@exec $(VENV)/bin/python -m infra.cli.psql

.PHONY: fuzz
fuzz: $(VENV)/.installed-test  ## Send a few hundred random requests to each operation of the API; FUZZ=1000 says how many
	@FUZZ_EXAMPLES=$(or $(FUZZ),200) $(VENV)/bin/pytest -m 'not long' tests/fuzz

.PHONY: lint
lint: $(VENV)/.installed-test  ## Check style, format, types, imports between folders, and retired words
	@$(VENV)/bin/ruff check
	@$(VENV)/bin/ruff format --check
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports
	@$(VENV)/bin/python -m tests.architecture.retired_words

.PHONY: translations
translations: $(VENV)/.installed-test  ## Bring the catalogs of translations up to date with the texts, and compile them
	@$(VENV)/bin/python -m tests.translations.update

.PHONY: pictures
pictures: $(VENV)/.installed-test  ## Make the pictures of the console on the landing page again, with Chromium
	@$(VENV)/bin/python -m tests.pictures.make

.PHONY: chaos
chaos: $(VENV)/.installed-test  ## Break what the service stands on, under load, in 10 minutes; CHAOS='--only hang' is one scenario
	@$(VENV)/bin/python -m tests.chaos.run $(CHAOS)

.PHONY: chaos-webhooks
chaos-webhooks: $(VENV)/.installed-test  ## Kill senders, servers and PostgreSQL for 5 minutes: every event must arrive; CHAOS='--seconds 60'
	@$(VENV)/bin/python -m tests.chaos.webhooks.run $(CHAOS)

.PHONY: soak
soak: $(VENV)/.installed-test  ## Load for 30 minutes: nothing may grow or be lost; SOAK='--requests 1000000 --kill 20' adds kills
	@$(VENV)/bin/python -m tests.chaos.soak $(SOAK)

.PHONY: bench-quick
bench-quick: $(VENV)/.installed-test  ## Measure speed roughly, in about a minute, and that of the peers if they are there
	@$(VENV)/bin/python -m tests.benchmarks.run --quick $(BENCH)

.PHONY: bench
bench: $(VENV)/.installed-test  ## Measure speed in ten minutes; BENCH='--peers FOLDER' says where the peers are
	@$(VENV)/bin/python -m tests.benchmarks.run $(BENCH)

.PHONY: bench-rebuild
bench-rebuild: $(VENV)/.installed-test  ## Rebuild a million events under traffic; BENCH='--events 20000' is a short version
	@$(VENV)/bin/python -m tests.benchmarks.rebuild $(BENCH)

.PHONY: bench-growth
bench-growth: $(VENV)/.installed-test  ## Count what each shape of each list reads among a million invoices; BENCH=--quick is shorter
	@$(VENV)/bin/python -m tests.benchmarks.growth $(BENCH)

.PHONY: bench-million
bench-million: $(VENV)/.installed-test  ## Measure what handles whole logs, with a million events, in about ten minutes
	@$(VENV)/bin/python -m tests.benchmarks.million $(BENCH)

.PHONY: bench-log
bench-log: $(VENV)/.installed-test  ## Compare the edit log of a million events of one organization with a naive reading, and measure proofs
	@$(VENV)/bin/python -m tests.benchmarks.large_log $(BENCH)

.PHONY: bench-past
bench-past: $(VENV)/.installed-test  ## Compare page 1 with page 1000 of lists as they were, among a million invoices of one organization
	@$(VENV)/bin/python -m tests.benchmarks.past $(BENCH)

.PHONY: bench-webhooks
bench-webhooks: $(VENV)/.installed-test  ## Measure deliveries to webhooks, also beside 50 dead receivers; BENCH='--events 1000' is shorter
	@$(VENV)/bin/python -m tests.benchmarks.webhooks $(BENCH)

.PHONY: bench-console
bench-console: $(VENV)/.installed-test  ## Measure each page of the console with 100 000 invoices, in about three minutes
	@$(VENV)/bin/python -m tests.benchmarks.console $(BENCH)

.PHONY: bench-instructions
bench-instructions: $(VENV)/.installed-test  ## Count the instructions of a create, a list and a PATCH, whatever else the machine does; needs valgrind
	@$(VENV)/bin/python -m tests.benchmarks.instructions $(BENCH)

.PHONY: bench-plot
bench-plot: $(VENV)/.installed-test  ## Draw the plots of docs/performance.md from the last run of bench or bench-quick
	@$(VENV)/bin/python -m tests.benchmarks.plot $(PLOT)

.PHONY: format
format: $(VENV)/.installed-test  ## Rewrite the code in the one format
	@$(VENV)/bin/ruff check --fix-only
	@$(VENV)/bin/ruff format

.PHONY: clean
clean:  ## Remove .venv and the files that tools left behind; data in var/ stays
	@rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .schemathesis .import_linter_cache .coverage-data htmlcov integrations/*/node_modules
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps. Each is written last, so an environment that was not finished is made again. The stamp .made contains the
# folder of the checkout. An environment that was moved or copied is made again, because it would run the code of the
# folder where it was made.

$(VENV)/.installed-test: $(VENV)/.made setup.cfg pyproject.toml constraints.txt
	@echo "Installing what the tests need ..." >&2
	@$(PIP) install --constraint constraints.txt --config-settings editable_mode=compat --editable '.[test]' || $(EXPLAIN)
	@$(VENV)/bin/python -m infra.assets
	@$(VENV)/bin/python -m tests.support.axe
	@touch $(VENV)/.installed $@

$(VENV)/.installed: $(VENV)/.made setup.cfg pyproject.toml constraints.txt
	@echo "Installing ..." >&2
	@$(PIP) install --constraint constraints.txt --config-settings editable_mode=compat --editable . || $(EXPLAIN)
	@$(VENV)/bin/python -m infra.assets
	@touch $@

$(VENV)/.made: $(shell [ "$$(cat $(VENV)/.made 2>&1)" = "$$PWD" ] && $(VENV)/bin/python -c "" 2>&1 || echo again)
	@command -v $(PYTHON) >/dev/null || \
		{ echo "Python is missing: install Python 3.11 or newer, then run make again." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is older than 3.11: install a newer one and name it, such as: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Install python3-venv (Debian and Ubuntu: sudo apt install python3-venv), then run make again." >&2; exit 1; }
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@echo "$$PWD" > $@

# A failure only leaves out the tests of the connector: scripts of packages never run.
integrations/%/node_modules/.installed: integrations/%/package-lock.json
	@echo "Installing what the tests of integrations/$* need ..." >&2
	@cd $(<D) && npm ci --ignore-scripts --no-audit --no-fund --silent && touch node_modules/.installed || \
		echo "npm is missing or could not install it: the tests of integrations/$* are left out." >&2

.PHONY: again
again:
