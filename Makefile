# Two commands do everything: `make lessons` and `make test`. Both set up .venv by themselves.

PYTHON ?= python3
# tf-cpu, tf, gpu or jax: the Keras backend that is installed. tensorflow-cpu, the smaller package,
# is not made for Macs and ARM.
BACKEND ?= $(if $(filter Linux-x86_64,$(shell uname -s)-$(shell uname -m)),tf-cpu,tf)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
LESSON ?=

# A relative folder is meant from here, but notebooks run in lessons/.
ifdef TL_DATA_HOME
export TL_DATA_HOME := $(abspath $(TL_DATA_HOME))
endif

.PHONY: lessons test lab lint build bench doctor nightly clean

lessons: $(VENV)/.lab
	$(BIN)/tl-course run $(LESSON)

lab: $(VENV)/.lab
	$(BIN)/jupyter lab lessons/00_start_here.ipynb

test: $(VENV)/.test
	$(BIN)/tl-course build --check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pytest -q -n 2 --dist loadscope -m "not slow and not browser"
	$(BIN)/pytest -q -m "browser and not slow"
	KERAS_BACKEND=jax $(BIN)/pytest -q -m "core and not slow"
	tests/lessons/run_nbval $(BIN)/pytest

lint: $(VENV)/.test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

build: $(VENV)/.lab
	$(BIN)/tl-course build

doctor: $(VENV)/.lab
	$(BIN)/tl-course doctor

bench: $(VENV)/.test
	$(BIN)/python benchmarks/run_all.py

# What is too long for every change: a lesson's claims on fresh seeds, and that they can fail.
nightly: $(VENV)/.test
	$(BIN)/pytest -q -m slow
	for lesson in $$(ls lessons/source | cut -c1-2); do $(BIN)/tl-course claims $$lesson --seeds 100:110 || exit 1; done

clean:
	rm -rf build $(VENV)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# A stamp a set of packages: it is made again when the needs change.
$(VENV)/.lab: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) -e ".[$(BACKEND),lab]"
	touch $@

$(VENV)/.test: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) -e ".[$(BACKEND),jax,test]"
	touch $@ $(VENV)/.lab
