# Everything a fresh machine needs is made by the targets themselves. `make help` lists them.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
CLIENTS := .venv-clients
OLD_CLIENTS := .venv-clients-old
ARGS ?=

.PHONY: help serve test lint format e2e bench clean

help:  ## list the targets
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

$(VENV)/run.stamp: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	$(BIN)/python -m compileall -q mock_server
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,e2e]'
	@touch $@

$(CLIENTS)/clients.stamp: tests/e2e/requirements.txt
	$(PYTHON) -m venv $(CLIENTS)
	$(CLIENTS)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

$(OLD_CLIENTS)/clients.stamp: tests/e2e/requirements-old.txt
	$(PYTHON) -m venv $(OLD_CLIENTS)
	$(OLD_CLIENTS)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

serve: $(VENV)/run.stamp  ## set up, then start the emulator; options in ARGS='--port 0 ...'
	@exec $(BIN)/minimax-mock serve $(ARGS)

test: $(VENV)/dev.stamp  ## set up, then run every test that needs nothing but Python
	$(BIN)/python -m pytest -m 'not e2e' -n 4 --dist worksteal $(ARGS)

lint: $(VENV)/dev.stamp  ## style, size, complexity, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/dev.stamp  ## let ruff rewrite what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

e2e: $(VENV)/dev.stamp $(CLIENTS)/clients.stamp $(OLD_CLIENTS)/clients.stamp  ## real clients, strict decoders, a browser (apt: chromium libjpeg-turbo-progs curl jq; Node 20)
	@for tool in chromium djpeg curl jq node npm; do command -v $$tool >/dev/null || { echo "make e2e needs $$tool: apt-get install chromium libjpeg-turbo-progs curl jq nodejs npm"; exit 1; }; done
	npm ci --prefix tests/contract/report --silent --no-audit --no-fund
	npm ci --prefix tests/e2e --silent --no-audit --no-fund
	$(BIN)/python -m pytest -m e2e -n 3 --dist loadfile $(ARGS)

bench: $(VENV)/dev.stamp  ## measure against bare uvicorn, plain Pillow and aimock (apt: wrk; Node 20)
	npm ci --prefix benchmarks --silent --no-audit --no-fund
	$(BIN)/python -m compileall -q mock_server
	$(BIN)/python -m benchmarks $(ARGS)

clean:  ## remove what the targets made
	rm -rf $(VENV) $(CLIENTS) $(OLD_CLIENTS) build dist *.egg-info benchmarks/node_modules tests/contract/report/node_modules tests/e2e/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis

.PHONY: docs coverage
docs: $(VENV)/dev.stamp  ## rewrite the generated pages of docs/
	$(BIN)/python -m tools.pages

coverage: $(VENV)/dev.stamp  ## which lines the tests reach
	$(BIN)/coverage run -m pytest -m 'not e2e' -q
	$(BIN)/coverage combine -q
	$(BIN)/coverage report
