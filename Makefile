# Misaq: one Makefile, no recursion into folders. `make` lists what it can do.
#
# A folder under services/ with a main.c becomes the program misaq-<folder>, tests/**/test_*.c a
# test, tests/fuzz/fuzz_*.c a fuzzer, tests/bench/bench_*.c a program of the bench: nothing here
# needs a line for them. Everything lands in build/<variant>/; the variants differ in flags only.

VARIANT    ?= debug
BUILD      ?= build
B          := $(BUILD)/$(VARIANT)
EXECUTIONS ?= 1000000
ROUNDS     ?= 30
PREFIX     ?= /usr/local
CC         := gcc
SHELL      := /bin/bash
MAKEFLAGS  += --no-builtin-rules
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
    MAKEFLAGS += -j$(shell nproc)
endif
.DELETE_ON_ERROR:
.SECONDARY:
.SECONDEXPANSION:

# ---- packages (Debian 12) ------------------------------------------------------------------
PACKAGES_BUILD := gcc libc6-dev make pkg-config libzmq3-dev libhiredis-dev libmsgpack-dev \
    libmicrohttpd-dev libjansson-dev libsodium-dev libutf8proc-dev libcurl4-openssl-dev libssl-dev \
    uthash-dev
PACKAGES_RUN   := redis-server curl
PACKAGES_TEST  := libcmocka-dev python3 python3-zmq python3-aiosmtpd $(if $(shell command -v npm),,nodejs npm)
PACKAGES_BENCH := wrk webdis nghttp2-client redis-tools nats-server
PACKAGES_LINT  := clang-tidy clang-format cppcheck
PACKAGES_FUZZ  := clang libclang-rt-14-dev

# ---- what there is -------------------------------------------------------------------------
find_c   = $(sort $(foreach d,$(wildcard $1),$(shell find $d -name '*.c')))
SERVICES := $(patsubst services/%/main.c,%,$(wildcard services/*/main.c))
SHARED_C := $(call find_c,shared)
ROOMS_C  := $(call find_c,services gateway)
TESTS_C  := $(call find_c,tests)
DOORS    := streams courier
PROGRAMS := $(SERVICES:%=$(B)/misaq-%) $(B)/misaq-gateway $(DOORS:%=$(B)/misaq-%) $(B)/misaq

named    = $(foreach c,$(TESTS_C),$(if $(filter $1,$(notdir $c)),$(c:%.c=$(B)/%)))
TESTS   := $(call named,test_%.c)
FUZZERS := $(call named,fuzz_%.c)
BENCHES := $(call named,bench_%.c)
DRIVER  := $(B)/tests/fuzz/driver.o

# The rooms that a file belongs to, told by the words of its path: services/targets/model.c and
# tests/targets/test_model.c belong to targets. Fuzzers and benches may look into the gateway.
rooms    = $(filter $(SERVICES) gateway $(DOORS) cli,$(subst _, ,$(subst /, ,$(basename $1)))) \
    $(if $(filter tests/fuzz/% tests/bench/% $(DOORS:%=tests/%/%),$1),gateway)
room_dir = $(if $(filter cli $(DOORS),$1),gateway/$1,$(if $(filter gateway,$1),gateway,services/$1))
includes = -Ishared $(foreach r,$(call rooms,$1),-I$(call room_dir,$r)) \
    $(if $(filter tests/%,$1),-Itests)
libs     = $(foreach r,$(call rooms,$1),$(B)/lib/$r.a)

# ---- flags ---------------------------------------------------------------------------------
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
    -Wmissing-prototypes -Wvla -Werror
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
HARDEN   := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE \
    $(if $(filter x86_64,$(shell uname -m)),-fcf-protection)

flags_debug    := -Og -g
flags_san      := -O1 -g $(SANITIZE)
flags_release  := -O2 -g $(HARDEN)
flags_cov      := -O0 -g --coverage
flags_fuzz     := -O1 -g $(SANITIZE) -fsanitize=fuzzer-no-link
ldflags_san    := $(SANITIZE)
ldflags_release := -pie -Wl,-z,relro,-z,now
ldflags_cov    := --coverage
ldflags_fuzz   := $(SANITIZE)
ifeq ($(VARIANT),fuzz) # libFuzzer is clang's; gcc has already judged the warnings
    CC       := clang
    WARNINGS := -w
    DRIVER   := -fsanitize=fuzzer
endif
$(if $(flags_$(VARIANT)),,$(error VARIANT is one of debug, san, release, cov, fuzz))

# Asked for when first used, so that `make deps` works before pkg-config is there.
once     = $(eval $1 := $2)$($1)
PKGS     := libzmq hiredis msgpack libmicrohttpd jansson libsodium libutf8proc libcurl libcrypto
PKG_CFLAGS = $(call once,PKG_CFLAGS,$(patsubst -I%,-isystem%,$(shell pkg-config --cflags $(PKGS))))
PKG_LIBS   = $(call once,PKG_LIBS,$(shell pkg-config --libs $(PKGS)) -lm)

CFLAGS    = -std=gnu11 -D_GNU_SOURCE= $(WARNINGS) $(flags_$(VARIANT)) $(PKG_CFLAGS) -Wa,-Ishared -Wa,-Igateway
LDFLAGS   = $(ldflags_$(VARIANT)) -Wl,--as-needed

# ---- building ------------------------------------------------------------------------------
.PHONY: help all programs tests fuzzers benches debug san release
help: ## this list
	@echo "make run and make test need nothing but this tree; the rest is for developers:"
	@awk -F':.*## ' '/^[a-z_. -]+:.*## / {printf "  %-22s %s\n", $$1, $$2}' Makefile
	@echo "VARIANT=$(VARIANT) BUILD=$(BUILD) EXECUTIONS=$(EXECUTIONS) ROUNDS=$(ROUNDS) V=1: say all"

all: programs tests benches $(B)/lib/shared.a ## programs, tests and bench in build/<VARIANT>/
programs: $(PROGRAMS)
tests: $(TESTS) $(FUZZERS)
fuzzers: $(FUZZERS)
benches: $(BENCHES)
all programs tests fuzzers benches:
	@:
debug san release: ## the programs of that variant
	@$(MAKE) VARIANT=$@ programs

say = $(if $(V),,@echo "  $1 $(patsubst $(BUILD)/%,%,$@)";)

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,cc  )$(CC) $(CFLAGS) $(call includes,$*) -MMD -MP -c -o $@ $<

# Files that an .incbin draws in are not among the dependencies that the compiler writes.
EMBEDDED_IN := $(shell grep -rlF --include='*.c' .incbin $(wildcard shared services gateway))
EMBEDDED    := $(shell find $(wildcard shared services gateway) -type f \
    -not -name '*.[ch]' -not -name '*.def' -not -name '*.md') $(wildcard docker/redis.conf docker/users.acl)
$(EMBEDDED_IN:%.c=$(B)/%.o): $(EMBEDDED)

# One library for shared/, one for each room without its main.c, one for what tests share.
objects  = $(patsubst %.c,$(B)/%.o,$(filter-out %/main.c,$1))
HELPERS  := $(foreach c,$(TESTS_C),$(if $(filter test_% fuzz_% bench_% driver.c,$(notdir $c)),,$c))
$(B)/lib/shared.a:  $(call objects,$(SHARED_C))
$(B)/lib/gateway.a: $(call objects,$(filter-out gateway/cli/% $(DOORS:%=gateway/%/%),$(filter gateway/%,$(ROOMS_C))))
$(foreach d,$(DOORS),$(eval \
    $(B)/lib/$d.a: $(call objects,$(filter gateway/$d/%,$(ROOMS_C)))))
$(B)/lib/cli.a:     $(call objects,$(filter gateway/cli/%,$(ROOMS_C)))
$(B)/lib/support.a: $(call objects,$(HELPERS))
$(foreach s,$(SERVICES),$(eval \
    $(B)/lib/$s.a: $(call objects,$(filter services/$s/%,$(ROOMS_C)))))
$(B)/lib/%.a:
	@mkdir -p $(@D)
	$(call say,ar  )rm -f $@ && ar rcs $@ $(filter %.o,$^)

link = $(call say,link)$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $1 $(PKG_LIBS)
$(B)/misaq-gateway: $(B)/gateway/main.o $(B)/lib/gateway.a $(B)/lib/shared.a
	$(call link)
$(DOORS:%=$(B)/misaq-%): $(B)/misaq-%: $(B)/gateway/%/main.o $(B)/lib/%.a $(B)/lib/gateway.a $(B)/lib/shared.a
	$(call link)
$(B)/misaq-%: $(B)/services/%/main.o $(B)/lib/%.a $(B)/lib/shared.a
	$(call link)
$(B)/misaq: $(B)/gateway/cli/main.o $(B)/lib/cli.a $(B)/lib/gateway.a $(B)/lib/shared.a
	$(call link)
TEST_LIBS = $$(call libs,tests/$$*) $(B)/lib/support.a $(B)/lib/shared.a
$(TESTS) $(BENCHES): $(B)/tests/%: $(B)/tests/%.o $(TEST_LIBS)
	$(call link,-lcmocka)
$(FUZZERS): $(B)/tests/%: $(B)/tests/%.o $(filter %.o,$(DRIVER)) $(TEST_LIBS)
	$(call link,$(filter-out %.o,$(DRIVER)))

-include $(patsubst %.c,$(B)/%.d,$(SHARED_C) $(ROOMS_C) $(TESTS_C))

# ---- the two commands ----------------------------------------------------------------------
.PHONY: run test
run: deps ## install what is missing, build, start everything, say where to look
	@$(MAKE) --no-print-directory VARIANT=release programs
	@exec $(BUILD)/release/misaq run

test: deps ## install what is missing, build with sanitizers, run every test
	@$(MAKE) --no-print-directory VARIANT=san programs tests
	@tests/run $(BUILD)/san rules described unit fuzz system faults

# ---- longer proofs -------------------------------------------------------------------------
.PHONY: bench faults fuzz cov
bench: deps deps-bench ## the release build beside its ceilings
	@$(MAKE) --no-print-directory VARIANT=release programs benches
	@tests/bench/run $(BUILD)/release

faults: deps ## ROUNDS rounds of kill -9 under load
	@$(MAKE) --no-print-directory VARIANT=san programs tests
	@ROUNDS=$(ROUNDS) tests/run --limit 7200 $(BUILD)/san faults

fuzz: deps-build deps-fuzz ## EXECUTIONS runs of each fuzzer, guided by coverage
	@$(MAKE) --no-print-directory VARIANT=fuzz fuzzers
	@EXECUTIONS=$(EXECUTIONS) tests/run --limit 7200 $(BUILD)/fuzz fuzz

cov: deps ## lines that the tests reach, file by file
	@find $(BUILD)/cov -name '*.gcda' -delete 2>/dev/null || true
	@$(MAKE) --no-print-directory VARIANT=cov programs tests
	@tests/run $(BUILD)/cov unit fuzz system
	@cd $(BUILD)/cov && gcov -n $$(find shared services gateway -name '*.gcda') 2>/dev/null | \
	    awk -F"'" '/^File/ {f = $$2} /^Lines/ {if (f !~ "^/") print substr($$0, 16), f; f = "/"}' | \
	    sort -k4

# ---- what is generated and kept ------------------------------------------------------------
.PHONY: describe check-described rules compile_commands.json format check-format lint
describe: programs ## write gateway/openapi.json and the README's settings anew from the tables
	@$(B)/misaq describe openapi >$(B)/openapi.json && cp $(B)/openapi.json gateway/openapi.json
	@$(B)/misaq describe settings >$(B)/settings.md
	@sed -i -e '/^<!-- settings/r $(B)/settings.md' -e '/^<!-- settings/,/^<!-- end/{/^|/d}' README.md

check-described: programs ## fail if they are not what the tables say
	@diff -u gateway/openapi.json <($(B)/misaq describe openapi) && \
	    diff -u <(sed -n '/^<!-- settings/,/^<!-- end/{/^|/p}' README.md) \
	        <($(B)/misaq describe settings) || { echo "out of date: make describe" >&2; exit 1; }

rules: ## who may include whom, and the like
	@tests/run $(B) rules

ALL_C   := $(SHARED_C) $(ROOMS_C) $(TESTS_C)
ALL_CH   = $(ALL_C) $(shell find $(wildcard shared services gateway tests) -name '*.h')
compile_commands.json: ## for editors and clang-tidy
	$(file >$@,[)$(foreach c,$(ALL_C),$(file >>$@,{"directory": "$(CURDIR)", "file": "$c", \
	    "command": "clang $(CFLAGS) $(call includes,$c) -c $c"}$(if $(filter-out \
	    $(lastword $(ALL_C)),$c),$(comma))))$(file >>$@,])@:
comma := ,

format: ## clang-format everything
	@clang-format -i $(ALL_CH)
check-format: ## fail where clang-format would change something
	@clang-format --dry-run -Werror $(ALL_CH)

lint: deps-lint compile_commands.json check-format ## clang-tidy and cppcheck, warnings fail
	@printf '%s\n' $(ALL_C) | xargs -P $$(nproc) -n 4 clang-tidy --quiet -p .
	@cppcheck --quiet -j $$(nproc) --std=c11 --enable=warning,performance,portability \
	    --inline-suppr --suppressions-list=.cppcheck --error-exitcode=1 -Ishared \
	    $(foreach r,$(SERVICES) gateway cli,-I$(call room_dir,$r)) $(SHARED_C) $(ROOMS_C)

# ---- packages, installing, cleaning --------------------------------------------------------
.PHONY: deps deps-build deps-bench deps-lint deps-fuzz install clean
deps: ## install the missing Debian packages (apt-get; sudo unless root)
	$(call packages,$(PACKAGES_BUILD) $(PACKAGES_RUN) $(PACKAGES_TEST))
deps-build: ## only what compiling needs
	$(call packages,$(PACKAGES_BUILD))
deps-bench: ## also the peers of the bench
	$(call packages,$(PACKAGES_BENCH))
deps-lint: ## also clang-tidy, clang-format and cppcheck
	$(call packages,$(PACKAGES_LINT))
deps-fuzz: ## also clang with libFuzzer
	$(call packages,$(PACKAGES_FUZZ))

define packages
@command -v dpkg-query >/dev/null || { echo "Not a Debian machine; please install: $1" >&2; exit 1; }; \
missing=$$(comm -13 <(dpkg-query -W -f='$${db:Status-Status} $${Package}\n' $1 2>/dev/null | \
    sed -n 's/^installed //p' | sort -u) <(printf '%s\n' $1 | sort -u)); \
[ -z "$$missing" ] && exit 0; \
echo "Installing Debian packages:" $$missing; \
root=; [ "$$(id -u)" = 0 ] || root=sudo; \
command -v $${root:-env} >/dev/null || { echo "as root: apt-get install" $$missing >&2; exit 1; }; \
log=$$(mktemp); apt="$$root env DEBIAN_FRONTEND=noninteractive apt-get -qq"; \
$$apt update >$$log 2>&1 </dev/null; \
$$apt install --yes --no-install-recommends $$missing >>$$log 2>&1 </dev/null || \
    { cat $$log >&2; rm -f $$log; exit 1; }; \
rm -f $$log
endef

install: ## release programs to DESTDIR/usr/local
	@$(MAKE) --no-print-directory VARIANT=release programs
	@install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/misaq
	@install -s $(patsubst $(B)/%,$(BUILD)/release/%,$(PROGRAMS)) $(DESTDIR)$(PREFIX)/bin
	@install -m 644 docker/redis.conf $(DESTDIR)$(PREFIX)/share/misaq

clean: ## remove build/
	@rm -rf $(BUILD) compile_commands.json
