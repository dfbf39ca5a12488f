# The front door over Meson. `make help` lists what there is.
#   BUILD=folder  build folder of `make test` and `make bench`
#   SETUP=…       more options for `meson setup`
#   FUZZ_SECONDS=60 for each target of `make fuzz`
BUILD ?= build
RELEASE ?= build-release
SETUP ?=
FUZZ_SECONDS ?= 60
SAMPLE = examples/pain-clinic.837

# $(call setup,folder,options): configured once; what Meson says is shown only when it fails
setup = test -f $(1)/build.ninja || { mkdir -p $(1) && meson setup $(1) $(2) $(SETUP) \
	>$(1)/setup.log 2>&1 || { cat $(1)/setup.log; exit 1; }; }

.PHONY: all demo test bench fuzz install clean help

all: ## build the program, optimised, without tests: build-release/
	@tools/packages.sh build
	@$(call setup,$(RELEASE),--buildtype=release -Db_lto=true -Dtests=false)
	@ninja -C $(RELEASE)

demo: all ## install what is missing, build, vet a sample file
	@echo; echo '$$ claimvet audit $(SAMPLE)'; echo
	@$(RELEASE)/src/cli/claimvet audit $(SAMPLE) || test $$? -eq 1

test: ## install what is missing, build and run all tests; ends with "N passed, N failed"
	@tools/packages.sh build test
	@$(call setup,$(BUILD),)
	@ninja -C $(BUILD)
	@tools/test_summary.py --run $(BUILD)

bench: ## print throughput and memory as ratios, see bench/README.md
	@tools/packages.sh build test bench
	@$(call setup,build-bench,--buildtype=release -Db_lto=true)
	@ninja -C build-bench
	@bench/run.py build-bench
	@bench/run_store.py build-bench
	@bench/run_history.py build-bench
	@bench/run_rules.py build-bench

fuzz: ## run every fuzz target for FUZZ_SECONDS (clang, sanitizers)
	@tools/packages.sh build test gates
	@FUZZ_SECONDS=$(FUZZ_SECONDS) tools/fuzz.sh build-fuzz

install: all ## meson install (DESTDIR and SETUP=--prefix=… are honoured)
	@meson install -C $(RELEASE)

clean: ## remove the build folders
	rm -rf build build-*

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## /  make \1\t/p' Makefile | expand -t 18
