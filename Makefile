# Needs python3 (3.11 or newer), pip and make. Everything else the project installs into .venv.
PY := .venv/bin/python
BIN := .venv/bin
DEMO_PORT ?= 8000
# `make demo CITIES="espoo turku"` runs two portals that trust each other.
CITIES ?= espoo
export DEMO_PORT CITIES

.PHONY: setup demo demo-reset demo-check test security proof fuzz check lint types messages bench measures shots clean

setup: .venv/ready

.venv/ready: requirements.lock
	@python3 demo/setup.py
	@touch .venv/ready

demo: setup
	@$(PY) -m tests.messages --compile
	@exec $(PY) -m demo

demo-reset: setup
	@$(PY) -m demo --reset

demo-check: setup
	@$(PY) -m demo.check

test: setup
	@$(PY) -m tests.messages --compile
	@$(PY) -m tests.chromium
	@$(PY) -m tests.mariadb
	@# What is compiled is kept, whatever this machine wishes: dozens of processes start from it.
	@PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n 3 --dist loadgroup -q

security: setup
	@$(PY) -m tests.messages --compile
	@$(PY) -m tests.security

proof: setup
	@$(PY) -m tests.messages --compile
	@$(PY) -m tests.chromium
	@$(PY) -m tests.proof $(PART) $(PROOF_FLAGS)

fuzz:
	@# Ten minutes of changed exports for each parser of a watch's file, beside everything else's examples.
	@FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-10000} FUZZ_MINUTES=$${FUZZ_MINUTES:-10} \
	    $(MAKE) --no-print-directory proof PART=fuzz PROOF_FLAGS="--minutes 300 $(PROOF_FLAGS)"

check: setup lint types messages
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	@$(PY) -m tests.migrations
	@DJANGO_SETTINGS_MODULE=tests.settings_for_migrations $(PY) manage.py lint_purposes --files-only
	@DJANGO_SETTINGS_MODULE=tests.settings_for_migrations $(PY) manage.py check_rulebook --files-only

lint:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types:
	@$(BIN)/mypy .

messages:
	@$(PY) -m tests.messages

bench: setup
	@$(PY) -m tests.bench

measures: setup
	@$(PY) -m tests.chromium
	@$(PY) -m tests.measures

shots: setup
	@$(PY) -m demo.shots

clean:
	@rm -rf .venv .demo .cache shots staticfiles
