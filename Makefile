# demo: the main job, end to end.  test: the tests.  test-long: those that take long (kills, faults of a server, fuzz, whole runs made again).
# check: everything that reads the code.  bench: figures.
# fuzz: random queries, asked of both engines.  soak: servers and loaders killed in the midst of loads.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo test test-long fuzz soak check bench format docs clean

demo: $(VENV)/.installed
	$(BIN)/ecosystem demo

test: $(VENV)/.developed
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m 'not long'

test-long: $(VENV)/.developed
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m long

# a Neo4j server that it may EMPTY: ECOSYSTEM_TEST_NEO4J_URL, NEO4J_USERNAME and NEO4J_PASSWORD; else one of its own
fuzz: $(VENV)/.developed
	$(BIN)/python -m tests.fuzz.run --queries $(or $(QUERIES),20000) $(if $(SEED),--seed $(SEED))

soak: $(VENV)/.developed
	$(BIN)/python -m tests.faults.soak --times $(or $(TIMES),20) $(if $(SEED),--seed $(SEED))
	ECOSYSTEM_KILLS=100 $(BIN)/python -m pytest -q tests/store/test_embedded_kills.py

check: $(VENV)/.developed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.house
	$(BIN)/python -m tools.catalogue --check
	$(BIN)/python docs/generate.py --check

bench: $(VENV)/.developed
	$(BIN)/python -m benchmarks.run

format: $(VENV)/.developed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/.developed
	$(BIN)/python docs/generate.py

clean:
	rm -rf $(VENV) demo dist .ecosystem

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.developed: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.installed
