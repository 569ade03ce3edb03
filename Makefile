# The commands of the house. Everything sets itself up; a second run is fast.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
KIOSK := .venv-kiosk
PY := $(VENV)/bin/python
FLASK := $(VENV)/bin/flask --app wsgi
# Packages are compiled after they are installed, on every core: pip would do it on one.
PIP_WISHES := --quiet --quiet --disable-pip-version-check --no-compile --require-hashes
PIP := $(PY) -m pip install $(PIP_WISHES)
COMPILE := -m compileall -qq -j 0
PYTEST := nice -n 5 $(PY) -m pytest
WORKERS ?= 2
PANGO := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard app/translations/*/LC_MESSAGES/messages.po))
BESIDE := $(MAKE) --jobs=2 --output-sync=target
export PORT
# What we compile is kept beside its source, whatever the machine is used to: programs start at once.
export PYTHONDONTWRITEBYTECODE :=
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

.PHONY: help run setup setup-dev packages front test lint style types imports templates unit soak fix demo bench mutants fuzz db-new db-up kiosk docs requirements words

help: ## List the targets
	@echo "Totem: booking and access for the four Totems."
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 \2/p' $(firstword $(MAKEFILE_LIST)) \
	  | while read -r make name words; do printf '  make %-13s %s\n' "$$name" "$$words"; done

run: setup ## Set up and serve the product on PORT (8000) with demonstration people
	@exec $(PY) -m tools.run

setup: $(VENV)/.runtime front $(CATALOGUES) ## Make the environment that runs the product

setup-dev: $(VENV)/.dev front $(KIOSK)/.ready $(CATALOGUES)

packages:
	@tools/debian-packages chromium "the tests of the screens" chromium
	@tools/debian-packages - "letters as PDF" $(PANGO)
	@tools/debian-packages - "the strict reader of invitations" libical3

test: ## Check everything and run all tests, the long ones at a small size (10 min)
	@$(BESIDE) $(VENV)/.dev $(KIOSK)/.ready packages
	@$(BESIDE) types front $(CATALOGUES) style imports templates
	$(PYTEST) -n $(WORKERS)

lint: style types imports templates ## Check style, types, import contracts and templates

style: $(VENV)/.dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

types: $(VENV)/.dev
	$(VENV)/bin/mypy

imports: $(VENV)/.dev
	$(VENV)/bin/lint-imports

templates: $(VENV)/.dev
	$(VENV)/bin/djlint --lint --quiet app

unit: $(VENV)/.dev $(CATALOGUES) ## Run the tests of the pure rules (seconds)
	$(PYTEST) tests/unit -p no:xdist

soak: setup-dev packages ## Run the same tests at the sizes the issues name (long)
	TOTEM_SOAK=1 $(PYTEST) -n $(WORKERS)

fix: $(VENV)/.dev ## Put imports, style and templates in order
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

demo: setup $(KIOSK)/.ready ## Play the whole story in this terminal, from booking to open door
	@$(PY) -m tools.demo

bench: setup-dev ## Measure against floors of the same run and print the ratios
	@$(PY) -m tests.bench

mutants: $(VENV)/.dev ## Change the rules of money one by one; tests must see it (half an hour): ONLY="app.domain.vat*"
	nice -n 15 $(PY) -m tools.mutants $(ONLY)
	@$(VENV)/bin/mutmut results

fuzz: setup-dev ## Throw ten million hostile texts at a door (INPUTS=…), and requests at the API
	nice -n 5 $(PY) -m tests.fuzz --inputs $(or $(INPUTS),10000000) --workers $(WORKERS)
	TOTEM_SOAK=1 $(PYTEST) tests/web -p no:xdist -k schemathesis

db-new: $(VENV)/.dev ## Start a migration: make db-new NAME=what_it_does
	@test -n "$(NAME)" || { echo "Type: make db-new NAME=what_it_does"; exit 2; }
	@$(PY) -m tools.new_migration "$(NAME)"

db-up: $(VENV)/.runtime ## Bring the database of DATABASE_URL to the newest migration
	$(FLASK) db upgrade

kiosk: $(KIOSK)/.ready ## Run a door: make kiosk CONFIG=door.toml
	$(KIOSK)/bin/python -m devices.kiosk --config "$(or $(CONFIG),devices/example.toml)"

docs: ## Tell where the documents are
	@sed -n 's/^# //p;/^$$/q' docs/README.md; ls docs docs/adr docs/runbooks

words: $(VENV)/.dev ## Bring the catalogues of English and German to the words of the source
	@$(PY) -m tools.words

requirements: $(VENV)/.dev ## Renew the pinned requirements with their hashes
	@tools/renew-requirements

front: $(VENV)/.node node_modules/.ready
	@tools/node node build.mjs

$(PY): | tools/venv
	@tools/venv $(PYTHON) $(VENV)

$(VENV)/.runtime: requirements.txt | $(PY)
	@tools/debian-packages - "letters as PDF" $(PANGO) || echo "Going on without letters." >&2
	@test -e $(VENV)/.dev || { echo "Installing what the product needs…"; $(PIP) -r requirements.txt; }
	@$(PY) $(COMPILE) $(VENV)/lib || true
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(PY)
	@echo "Installing what the product and its tests need…"
	@$(PIP) -r requirements-dev.txt
	@$(PY) $(COMPILE) $(VENV)/lib || true
	@touch $@ $(VENV)/.runtime

$(VENV)/.node: | $(PY)
	@tools/node --ready
	@touch $@

%.mo: %.po | $(VENV)/.runtime
	@$(VENV)/bin/pybabel --quiet compile --input-file=$< --output-file=$@

node_modules/.ready: package-lock.json | $(VENV)/.node
	@echo "Installing what the front end needs…"
	@tools/node npm ci --no-progress --loglevel=error
	@touch $@

$(KIOSK)/.ready: devices/requirements.txt
	@tools/venv $(PYTHON) $(KIOSK)
	@echo "Installing what a door needs…"
	@$(KIOSK)/bin/python -m pip install $(PIP_WISHES) -r devices/requirements.txt
	@$(KIOSK)/bin/python $(COMPILE) $(KIOSK)/lib || true
	@touch $@
