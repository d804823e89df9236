# `make` alone lists what can be done. Everything sets itself up; only Python 3.11+ is needed.
.POSIX:
.SUFFIXES:
VENV = .venv/bin/python

help: ## list these targets
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "  make %-12s %s\n", $$1, $$2 }'

run: ## start everything on this machine: portal, worker, queue, stand-in Salesforce org
	@dev/python -m dev.setup
	@exec $(VENV) -m dev.run

demo-call: ## hand a call over to the running demo; ARGS="--kind missed --door http"
	@dev/python -m dev.setup
	@exec $(VENV) -m dev.demo_call $(ARGS)

test: ready-to-test ## run every check and every test; ARGS="-k word" goes to pytest
	@exec $(VENV) -m dev.test $(ARGS)

quick: ready-to-test ## run the checks, and every test that needs no database, server or browser
	@exec $(VENV) -m dev.test --quick $(ARGS)

check: ready-to-test ## style, types, import arrows and templates only
	@exec $(VENV) -m dev.checks

check-org: ## ask a real Salesforce org what the product takes for granted; alone it tells how
	@dev/python -m dev.setup
	@exec $(VENV) -m dev.check_org

bench: ready-to-test ## measure it beside what people would write instead; ARGS="--quick"
	@exec $(VENV) -m tests.bench $(ARGS)

chaos: ready-to-test ## kill everything at random while calls flow, then count them (long)
	@exec $(VENV) -m tests.chaos $(ARGS)

screenshots: ready-to-test ## take the pictures that the documentation shows
	@exec $(VENV) -m dev.pictures $(ARGS)

messages: ready-to-test ## bring the translation catalogues up to date with the texts in the pages
	@exec $(VENV) -m dev.messages

ready-to-test:
	@dev/python -m dev.setup requirements-dev.txt

.PHONY: help run demo-call test quick check check-org bench chaos screenshots messages ready-to-test
