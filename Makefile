# Two commands do everything: `make lessons` and `make test`. Both set up .venv by themselves.

PYTHON ?= python3
# tf-cpu, tf, gpu or jax: the Keras backend that is installed. tensorflow-cpu, the smaller package,
# is not made for Macs and ARM.
BACKEND ?= $(if $(filter Linux-x86_64,$(shell uname -s)-$(shell uname -m)),tf-cpu,tf)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
LESSON ?=
# Colab's Python, for `make colab`.
PYTHON_COLAB ?= python3.13
COLAB := build/colab

# A relative folder is meant from here, but notebooks run in lessons/.
ifdef TL_DATA_HOME
export TL_DATA_HOME := $(abspath $(TL_DATA_HOME))
endif

.PHONY: lessons test quick lab lint build site bench doctor colab nightly clean

lessons: $(VENV)/.lab
	$(BIN)/tl-course run $(LESSON)

lab: $(VENV)/.lab
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/jupyter lab lessons/00_start_here.ipynb

# Two processes at a time with a thread each take less than one after the other with two.
ONE_THREAD := OMP_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1 \
  XLA_FLAGS="--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

test: $(VENV)/.test
	$(BIN)/tl-course build --check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(ONE_THREAD) $(BIN)/pytest -q -n 2 --dist loadscope -m "not slow and not browser"
	$(BIN)/pytest -q -n 2 --dist loadgroup -m "browser and not slow"
	$(ONE_THREAD) KERAS_BACKEND=jax $(BIN)/pytest -q -n 2 --dist loadscope -m "core and not slow"
	$(ONE_THREAD) tests/lessons/run_nbval $(BIN)/pytest

# What a change has to do with, in a minute or two: before each commit. BASE=main: since then.
quick: $(VENV)/.test
	tests/quick $(BIN) $(BASE)

lint: $(VENV)/.test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

build: $(VENV)/.lab
	$(BIN)/tl-course build

doctor: $(VENV)/.lab
	$(BIN)/tl-course doctor

# Executes the lessons that are not in build/lessons, or are out of date, and then lays the site out in
# build/site. TL_SMOKE=1 makes a trial of it in minutes, build/site-smoke.
site: $(VENV)/.site
	$(BIN)/tl-course site

bench: $(VENV)/.test
	$(BIN)/python benchmarks/run_all.py

# Colab's packages, and on top of them what a lesson's set-up cell installs there, without
# constraints. Grading stays out: nbgrader needs a newer Jupyter, and nobody grades on Colab. So do
# the tests that install or drive something else: the wheel, Binder, newer notebooks, the site. All
# lessons run in a browser, for their widgets; two in full. Warnings are not shown: this older Jupyter
# gives thousands on this Python.
colab:
	$(PYTHON_COLAB) -m venv --clear $(COLAB)
	$(COLAB)/bin/python -m pip install --quiet -r requirements-colab.txt
	$(COLAB)/bin/python -m pip install --quiet -e ".[course]" pytest pytest-xdist nbval hypothesis \
	  playwright axe-playwright-python
	TL_COLAB=1 $(COLAB)/bin/pytest -q -n 2 --dist loadscope -m "not slow and not browser" \
	  $(addprefix --ignore=tests/,binder browser course/grading lessons site test_wheel.py) \
	  --disable-warnings
	TL_COLAB=1 $(COLAB)/bin/pytest -q tests/browser/test_classic.py --disable-warnings
	TL_CLAIMS=$(abspath $(COLAB))/claims.jsonl tests/lessons/run_nbval $(COLAB)/bin/pytest \
	  lessons/00_*.ipynb lessons/02_*.ipynb

# What is too long for every change: a lesson's claims on fresh seeds, and that they can fail; all of
# lessons 00 and 02 in Binder's limits; Colab's versions, where its Python is to be had.
nightly: $(VENV)/.test
	$(BIN)/pytest -q -m slow
	if command -v $(PYTHON_COLAB) >/dev/null; then $(MAKE) colab; \
	else echo "no $(PYTHON_COLAB) here: Colab's versions are not tried"; fi
	for lesson in $$(ls lessons/source | cut -c1-2); do $(BIN)/tl-course claims $$lesson --seeds 100:110 || exit 1; done

clean:
	rm -rf build $(VENV)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# A stamp a set of packages: it is made again when the needs change.
$(VENV)/.lab: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) -e ".[$(BACKEND),lab]"
	touch $@

$(VENV)/.site: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) -e ".[$(BACKEND),docs]"
	touch $@ $(VENV)/.lab

$(VENV)/.test: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) -e ".[$(BACKEND),jax,test]"
	touch $@ $(VENV)/.lab $(VENV)/.site
