# `make` lists the targets. Everything is built for release, and tests without testable imports,
# which would need objects of their own: so tests, sweep and benchmark share one build.

# A sweep that was killed goes on from its journal; one that ended is replaced.
SWEEP_FLAGS ?= --sizes 100,1000,10000 $(if $(wildcard Results/sweep.h5.journal),,--overwrite)
BENCH_FLAGS ?=
SCALING_FLAGS ?=
TEST_FLAGS ?=
PYTHON ?= python3

TORCH := torch==2.13.0
SCALING_PACKAGES := numpy h5py
BENCH_PACKAGES := $(SCALING_PACKAGES) scikit-learn
# Of Keras' backends, JAX is the smallest to install.
CHECK_PACKAGES := h5py scipy xarray h5netcdf netCDF4 keras jax scikit-learn

# Clang's word for this processor.
NATIVE_FLAG := $(if $(filter x86_64,$(shell uname -m)),-march,-mcpu)=native

SHELL := bash
VENV := .venv
VENV_PYTHON := $(VENV)/bin/python

# ONEDNN=3 builds against oneDNN 3 from the Python package index, which is newer than Debian 12's:
# the last release that is built for GNU's OpenMP. Given with every target, or exported.
ONEDNN ?=
ONEDNN_PACKAGE := onednn-devel-cpu-gomp==2023.2.0
ifeq ($(ONEDNN),3)
  ONEDNN_HOME := $(abspath $(VENV)/onednn3)
  ONEDNN_READY := $(VENV)/onednn3/ready
  SETUP_FLAGS := --without-onednn
  BUILD := .build/onednn3
  BUILD_FLAGS := -Xcc -I$(ONEDNN_HOME)/include -Xcxx -I$(ONEDNN_HOME)/include \
    -Xlinker -L$(ONEDNN_HOME)/lib -Xlinker -rpath -Xlinker $(ONEDNN_HOME)/lib
else ifneq ($(ONEDNN),)
  $(error ONEDNN is '$(ONEDNN)'; the only value is 3, and without it the system's oneDNN is used)
else
  BUILD := .build
endif
TLBENCH := $(BUILD)/release/tlbench
BENCH_TOOLS := .build/bench/onednn_step .build/bench/primitive_time.so

# Homebrew's folders are not searched by default.
ifeq ($(shell uname),Darwin)
  BREW := $(shell brew --prefix 2>/dev/null)
  ifneq ($(BREW),)
    export CPATH := $(BREW)/include:$(CPATH)
    export LIBRARY_PATH := $(BREW)/lib:$(LIBRARY_PATH)
  endif
endif

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup build native sweep test lint bench scaling check-full clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s%s\n", $$1, $$2 }' Makefile

setup: $(ONEDNN_READY) ## install the C libraries that are missing (ONEDNN=3: a newer oneDNN than the system's)
	@.ci/setup $(SETUP_FLAGS)

build: setup ## build tlbench for release
	swift build -c release --scratch-path $(BUILD) $(BUILD_FLAGS)

# What is built otherwise runs on every processor of its kind: oneDNN and the loops of ours that
# matter choose their instructions when they run.
native: setup ## build for this processor alone: .build/native/release/tlbench
	swift build -c release --scratch-path $(BUILD)/native $(BUILD_FLAGS) \
	  -Xcc $(NATIVE_FLAG) -Xcxx $(NATIVE_FLAG)

sweep: build ## run the main job: the sweep of strategies, sizes and similarities (SWEEP_FLAGS)
	$(TLBENCH) sweep $(SWEEP_FLAGS)

test: setup ## run all tests (TEST_FLAGS, such as --filter)
	swift test -c release --disable-testable-imports --scratch-path $(BUILD) $(BUILD_FLAGS) $(TEST_FLAGS)

lint: ## check the layout of the sources
	swift format lint --strict -r Package.swift Sources Tests

bench: build $(BENCH_TOOLS) $(VENV)/bench.ready ## compare the speed with PyTorch's, in the same run (BENCH_FLAGS)
	$(VENV_PYTHON) Benchmarks/bench.py --tlbench $(TLBENCH) $(BENCH_FLAGS)

scaling: build $(VENV)/scaling.ready ## measure how cost grows with images, their side, width and depth (SCALING_FLAGS)
	$(VENV_PYTHON) Benchmarks/scaling.py --tlbench $(TLBENCH) $(SCALING_FLAGS)

# Without errno, square roots are computed several at a time.
.build/bench/onednn_step: Benchmarks/onednn_step.cpp $(wildcard Benchmarks/onednn_*.hpp)
	@mkdir -p $(@D)
	$(CXX) -std=c++17 -O3 $(NATIVE_FLAG) -fno-math-errno -o $@ $< -ldnnl

.build/bench/primitive_time.so: Benchmarks/primitive_time.cpp
	@mkdir -p $(@D)
	$(CXX) -std=c++17 -O2 -fPIC -shared -o $@ $< -ldl

# Slower or more demanding checks belong here: a line each, after the tests.
check-full: test build $(BENCH_TOOLS) $(VENV)/check.ready ## all tests, and the checks that need Python or longer
	.ci/check-setup
	@failed=; for check in $$(find Tests -name 'check_*.py' | sort); do \
	  echo "$$check"; \
	  TLBENCH=$(abspath $(TLBENCH)) $(VENV_PYTHON) "$$check" || failed="$$failed $$check"; \
	done; \
	if [ -n "$$failed" ]; then echo "failed:$$failed" >&2; exit 1; fi

$(VENV_PYTHON):
	@.ci/setup $(SETUP_FLAGS) --python
	$(PYTHON) -m venv $(VENV)

# An environment of its own: the package's folders are those of a prefix, include and lib.
$(VENV)/onednn3/ready: Makefile
	@.ci/setup $(SETUP_FLAGS) --python
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install -q $(ONEDNN_PACKAGE)
	@touch $@

# PyTorch's build without GPU libraries where the package index has it, else the ordinary one.
$(VENV)/bench.ready: Makefile | $(VENV_PYTHON)
	$(VENV_PYTHON) -m pip install -q $(BENCH_PACKAGES)
	$(VENV_PYTHON) -m pip install -q $(TORCH)+cpu || $(VENV_PYTHON) -m pip install -q $(TORCH)
	@touch $@

$(VENV)/scaling.ready: Makefile | $(VENV_PYTHON)
	$(VENV_PYTHON) -m pip install -q $(SCALING_PACKAGES)
	@touch $@

$(VENV)/check.ready: Makefile | $(VENV_PYTHON)
	$(VENV_PYTHON) -m pip install -q $(CHECK_PACKAGES)
	$(VENV_PYTHON) -m pip install -q $(TORCH)+cpu || $(VENV_PYTHON) -m pip install -q $(TORCH)
	@touch $@

clean: ## remove what was built and the virtual environment; data and results stay
	rm -rf .build $(VENV)
