# Two commands for everyone: `make demo` shows the product, `make test` proves it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test static check bench format docs sample clean

demo: $(STAMP)  ## check the sample county and show what is wrong
	$(BIN)/fupin-audit check sample_data/households.xlsx --fail-on never

test: $(STAMP)  ## run every test, on all cores, and see what they leave untouched
	$(BIN)/pytest -n auto --cov=fupin_audit --cov-branch --cov-report=term:skip-covered --cov-fail-under=85

static: $(STAMP)  ## everything a change must pass besides the tests
	$(BIN)/ruff format --check src tests benchmarks sample_data
	$(BIN)/ruff check src tests benchmarks sample_data
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/fupin-audit rules lint --deep
	$(BIN)/fupin-audit rules docs --check

check: static test  ## everything a change must pass

bench: $(STAMP)  ## speed and memory of every stage, as ratios; rewrites docs/benchmarks.md
	$(BIN)/python benchmarks/run.py

format: $(STAMP)
	$(BIN)/ruff format src tests benchmarks sample_data
	$(BIN)/ruff check --fix src tests benchmarks sample_data

docs: $(STAMP)  ## regenerate docs/rules from rules/
	$(BIN)/fupin-audit rules docs

sample: $(STAMP)  ## rewrite sample_data/ (seeded, reproducible)
	$(BIN)/python sample_data/make.py

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $(STAMP)

clean:
	rm -rf $(VENV) dist build .mypy_cache .pytest_cache .ruff_cache .coverage
