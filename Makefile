# Everything the project can do, in one place.  `make demo` and `make test` need nothing installed
# beforehand but Python 3.11 or newer with venv; they say what else is missing.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO := out/demo

.PHONY: setup demo test check lint types imports docs docs-check wheel-check browser bench clean

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "assay needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "the venv module is missing: install python3-venv" >&2; exit 2; }
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

setup: $(STAMP)

demo: $(STAMP)
	@mkdir -p $(DEMO)
	@echo "== an AWS landing zone with mistakes"
	$(BIN)/assay scan fixtures/landing_zones/payments_pci_aws/broken/plan.json \
		--source fixtures/landing_zones/payments_pci_aws/broken \
		-o $(DEMO)/aws.html -o $(DEMO)/aws.xml || test $$? -eq 1
	@echo "== an OCI landing zone without"
	$(BIN)/assay scan fixtures/landing_zones/banking_oke_oci/compliant/plan.json \
		--source fixtures/landing_zones/banking_oke_oci/compliant \
		-o $(DEMO)/oci.html -o $(DEMO)/oci.xml || test $$? -eq 1
	@echo "the reports are in $(DEMO)"

test: $(STAMP) browser
	$(BIN)/python -m pytest

browser:
	@command -v chromium >/dev/null 2>&1 || test -n "$$CHROMIUM" || \
		{ command -v apt-get >/dev/null && test "$$(id -u)" = 0 && apt-get update -qq && \
		apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || \
		{ echo "the tests of the HTML report need Chromium: install it, or set CHROMIUM" >&2; exit 2; }

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

imports: $(STAMP)
	$(BIN)/lint-imports

docs: $(STAMP)
	$(BIN)/python tools/make_docs.py

docs-check: $(STAMP)
	$(BIN)/python tools/make_docs.py --check

wheel-check: $(STAMP)
	$(BIN)/python tools/check_wheel.py

check: lint types imports docs-check wheel-check test

bench: $(STAMP)
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf $(VENV) out build dist *.egg-info
