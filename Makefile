# The commands of the portal. They need Python 3.11 or newer and make, and put everything
# else into .venv; `make browser` and `make spelling` say what they need besides.

PYTHON ?= python3
PORT ?= 8000
PY := .venv/bin/python
BROWSER := tests/browser
POSTGRESQL := postgres://postgres@127.0.0.1:5432/portal

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUNBUFFERED := 1

.DEFAULT_GOAL := help
.PHONY: help run test test-postgresql browser bench spelling clean

help: ## šis sąrašas
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

run: export DEBUG := 1
run: export SITE_URL := http://127.0.0.1:$(PORT)
run: .venv/ready ## portalas su demonstraciniais duomenimis ir laiškų siuntėju
	$(PY) manage.py migrate --verbosity 0
	$(PY) manage.py createcachetable
	$(PY) manage.py demo
	@echo
	@echo "Portalas:     $(SITE_URL)/"
	@echo "Prisijungti:  $(SITE_URL)/paskyra/prisijungti/ (po mygtuką kiekvienai paskyrai)"
	@echo "Laiškai spausdinami čia pat. Sustabdyti: Ctrl+C."
	@echo
	@$(PY) manage.py send_letters & worker=$$!; \
	trap 'kill $$worker 2>/dev/null; wait $$worker' EXIT; \
	trap 'exit 0' INT TERM; \
	$(PY) manage.py runserver 127.0.0.1:$(PORT)

test: .venv/ready ## stilius, patikros ir testai su SQLite
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	env -u DATABASE_URL DEBUG=1 $(PY) manage.py check --fail-level WARNING
	env -u DATABASE_URL $(PY) -m pytest $(ARGS)

test-postgresql: .venv/ready ## testai su PostgreSQL (DATABASE_URL arba 127.0.0.1:5432)
	DATABASE_URL="$${DATABASE_URL:-$(POSTGRESQL)}" $(PY) -m pytest $(ARGS)

browser: .venv/ready .venv/browser-ready ## puslapiai tikroje naršyklėje: axe, HTML, klaviatūra, dydis
	env -u DATABASE_URL $(PY) -m pytest $(BROWSER) $(ARGS)

bench: .venv/ready ## paieškos kokybė ir greitis santykiais, SQLite ir PostgreSQL (ARGS="10000 100000")
	env -u DATABASE_URL $(PY) -m tests.bench $(ARGS)
	DATABASE_URL="$${DATABASE_URL:-$(POSTGRESQL)}" $(PY) -m tests.bench $(ARGS)

spelling: ## lietuviškų tekstų rašyba (hunspell-lt)
	$(PYTHON) .ci/spelling

clean: ## pašalina, ką sukūrė kitos komandos; duomenų bazė lieka
	rm -rf .venv staticfiles $(BROWSER)/node_modules .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -f db.sqlite3.test*

.venv/ready: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Reikia Python 3.11 arba naujesnio: make PYTHON=python3.11 …"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Trūksta Python modulio „venv“. Debian: apt install python3-venv"; exit 1; }
	test -x $(PY) || $(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --requirement requirements.txt
	touch $@

.venv/browser-ready: $(BROWSER)/requirements.txt $(BROWSER)/package-lock.json .venv/ready
	@for tool in "$${CHROMIUM:-chromium}" npm java; do \
		command -v "$$tool" >/dev/null || { \
		echo "Trūksta „$$tool“. Debian: apt install chromium npm default-jre-headless"; \
		exit 1; }; done
	$(PY) -m pip install --quiet --requirement $(BROWSER)/requirements.txt
	npm ci --prefix $(BROWSER) --ignore-scripts --no-audit --no-fund
	touch $@
