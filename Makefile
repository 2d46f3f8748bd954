# make demo   set up, then check a bundled day of chats
# make test   set up, then run the tests
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin

.PHONY: demo test bench bench-audit bench-service quality lint format docs serve clean

demo: $(VENV)/.core
	$(BIN)/compliance check --jsonl demo/day.jsonl --fail-on never > $(VENV)/verdicts.jsonl
	$(BIN)/python demo/show.py demo/day.jsonl $(VENV)/verdicts.jsonl

test: $(VENV)/.dev $(VENV)/.browser $(VENV)/.rocketchat $(VENV)/.nginx $(VENV)/.spark
	$(BIN)/python -m pytest

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks

bench-audit: $(VENV)/.bench
	$(BIN)/python -m benchmarks.audit

bench-service: $(VENV)/.dev
	$(BIN)/python -m benchmarks.service

quality: $(VENV)/.bench
	$(BIN)/python -m benchmarks.quality

docs: $(VENV)/.dev
	$(BIN)/python -m docs.generate

serve: $(VENV)/.core
	$(BIN)/uvicorn server:app --host 127.0.0.1 --port 8321

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] + "; try: make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.core: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[all]'
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.core

# The browser tests need a Chromium; where none can be had they are skipped and say so.
$(VENV)/.browser: $(VENV)/.dev
	@command -v chromium chromium-browser google-chrome > /dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null && { apt-get install -y -qq --no-install-recommends chromium || { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; }; }; } > /dev/null 2>&1 || echo "no Chromium here: the browser tests will be skipped"
	@touch $@

# The Rocket.Chat app is compiled by Node.js; where there is none its tests are skipped and say so.
$(VENV)/.rocketchat: $(VENV)/.dev integrations/rocketchat/package-lock.json
	@{ command -v npm > /dev/null && npm ci --silent --no-audit --no-fund --ignore-scripts --prefix integrations/rocketchat; } || echo "no Node.js packages here: the Rocket.Chat tests will be skipped"
	@touch $@

# The Mattermost gate is tried in a real nginx; where none can be had its tests are skipped and say so.
$(VENV)/.nginx: $(VENV)/.dev
	@[ -e /usr/lib/nginx/modules/ngx_http_lua_module.so ] || { [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null && { RUNLEVEL=1 apt-get install -y -qq --no-install-recommends nginx-light libnginx-mod-http-lua || { apt-get update -qq && RUNLEVEL=1 apt-get install -y -qq --no-install-recommends nginx-light libnginx-mod-http-lua; }; }; } > /dev/null 2>&1 || echo "no nginx with Lua here: the Mattermost gate's tests will be skipped"
	@touch $@

# Spark runs on Java; where there is none its tests are skipped and say so.
$(VENV)/.spark: $(VENV)/.dev
	@if command -v java > /dev/null; then $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev,spark]'; else echo "no Java here: the Spark tests will be skipped"; fi
	@touch $@

$(VENV)/.bench: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev,bench]'
	@touch $@

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
