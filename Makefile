# make            build the programs into build/release, and the console into build/console where
#                 Node and npm are there
# make demo       install what is missing, build, start a demo network and play seven stories
# make demo-stop  end the demo network
# make test       install what is missing, build with gcc and clang under sanitizers, test everything
# make torture    the fault campaign: disks fail, power is cut, daemons are killed (TORTURE_KILLS=1000)
# make fuzz       search with libFuzzer, a minute for each target (FUZZ_SECONDS=60)
# make vectors    FOLDER=... judges published proofs of RFC 6962 (tests/vectors/README.md)
# make bench      measure against bare brokers in the same run, and a ledger of a million entries;
#                 PEERS=FOLDER also other brokers, whose drivers stand there (docs/TESTING.md)
# make bench-long the same with half an hour of mixed load, for the slope of memory
# make install    PREFIX=/usr/local DESTDIR=

PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60
JOBS ?= $(shell nproc)
# Debian's own tools, whatever else stands earlier in the PATH.
export PATH := /usr/bin:/bin:/usr/sbin:/sbin:$(PATH)

.PHONY: all console demo demo-stop test torture fuzz vectors bench bench-long install clean build-packages test-packages console-packages browser-packages

# What the tools say is shown when they fail.
LOG := build/make.log
quietly = $(1) >$(LOG) 2>&1 || { cat $(LOG); exit 1; }

all: build-packages
	@mkdir -p build
	@$(call quietly,cmake -S . -B build/release -DCMAKE_BUILD_TYPE=RelWithDebInfo -DTESTS=OFF \
		-DCMAKE_C_COMPILER=/usr/bin/gcc -DCMAKE_INSTALL_PREFIX=$(PREFIX))
	@$(call quietly,cmake --build build/release -j$(JOBS))
	@console/make

console: console-packages
	@console/make

demo: console-packages all
	@config/demo/play

demo-stop:
	@config/demo/stop

test: build-packages test-packages browser-packages console
	@tests/run

torture: build-packages test-packages
	@tests/torture/run

fuzz: build-packages test-packages
	@tests/fuzz/search $(FUZZ_SECONDS)

vectors: build-packages test-packages
	@test -d "$(FOLDER)" || { echo "make vectors FOLDER=... needs the folder of the proofs"; exit 2; }
	@mkdir -p build
	@$(call quietly,cmake -S . -B build/vectors -DCMAKE_C_COMPILER=/usr/bin/gcc)
	@$(call quietly,cmake --build build/vectors -j$(JOBS) --target merkle-vectors)
	@build/vectors/tests/merkle-vectors "$(FOLDER)"

bench: all test-packages
	@tests/bench/run $(if $(PEERS),--peers $(PEERS))

bench-long: export BENCH_SOAK_MINUTES ?= 30
bench-long: bench

install: all
	@cmake --install build/release

clean:
	@rm -rf build

build-packages:
	@config/packages/install build

test-packages:
	@config/packages/install test

# An agent works without the console, so what can't be installed for it holds nothing up.
console-packages:
	@config/packages/install console || true

# Without a browser `make test` says that the console's journeys were not played.
browser-packages:
	@config/packages/install browser || true
