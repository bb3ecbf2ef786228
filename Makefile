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
TLBENCH := .build/release/tlbench
VENV := .venv
VENV_PYTHON := $(VENV)/bin/python
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

setup: ## install the C libraries that are missing
	@.ci/setup

build: setup ## build tlbench for release
	swift build -c release

# What is built otherwise runs on every processor of its kind: oneDNN and the loops of ours that
# matter choose their instructions when they run.
native: setup ## build for this processor alone: .build/native/release/tlbench
	swift build -c release --scratch-path .build/native -Xcc $(NATIVE_FLAG) -Xcxx $(NATIVE_FLAG)

sweep: build ## run the main job: the sweep of strategies, sizes and similarities (SWEEP_FLAGS)
	$(TLBENCH) sweep $(SWEEP_FLAGS)

test: setup ## run all tests (TEST_FLAGS, such as --filter)
	swift test -c release --disable-testable-imports $(TEST_FLAGS)

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
	@.ci/setup --python
	$(PYTHON) -m venv $(VENV)

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
