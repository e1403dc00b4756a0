# Every target sets up what it needs itself, on a bare Debian 12 machine too.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow lint bench simulate clean lock

VENV := .venv
RUN := $(VENV)/bin

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## virtual environment, packages, and (as root) Debian packages
	@./tools/setup.sh

demo: setup ## build and check a small estate of real servers, routers and simulated gear
	@./tools/demo.sh

# The labs wait more than they work: hence three workers a core.
test: setup ## the default tests (10 minutes at most on 2 cores)
	$(RUN)/pytest -n 6 --dist loadfile --no-loadscope-reorder

test-slow: ## the tests that take minutes, some of them in a browser
	@./tools/setup.sh chromium
	$(RUN)/pytest -m slow -x

lint: setup ## ruff, mypy, import-linter, ansible-lint, yamllint, translations
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/lint-imports
	$(RUN)/yamllint --strict inventory roles dcctl .yamllint dcctl.yml
	PATH="$(CURDIR)/$(RUN):$$PATH" ANSIBLE_HOME=$(CURDIR)/.ansible $(RUN)/ansible-lint --offline -q roles
	$(RUN)/python -m tools.translations check

bench: setup ## measure beside other tools, in one run
	$(RUN)/python -m tests.benchmarks

SEEDS ?= 1-1000
simulate: setup ## whole upgrade campaigns from seeds, with all that can go wrong (SEEDS=17, 1-1000; SIZE=20 at most, LEAST=4)
	@$(RUN)/python -m tools.simulate $(SEEDS) $(if $(SIZE),--size $(SIZE)) $(if $(LEAST),--least $(LEAST))

lock: ## write requirements.lock anew (no index is named in it)
	$(RUN)/pip-compile -q --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header --annotation-style=line \
	  --extra collections --extra lab --extra pdf --extra dev -o requirements.lock pyproject.toml

clean: ## remove what was made here (a lab of this folder goes down first)
	-@[ -x $(RUN)/dcctl ] && $(RUN)/dcctl lab down
	rm -rf $(VENV) .dcctl dist build
