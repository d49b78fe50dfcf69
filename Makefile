# Everything that one does with this tree. `make run` and `make test` set up what they need.
# Settings: STORE=DIR (the store that `make run` opens), DISPLAY.
SHELL := /bin/bash
.DELETE_ON_ERROR:
# Rust before 1.97 compiles some closures wrongly in builds that are not incremental, so an environment that asks
# for such builds is not followed (`crates/domain/tests/compiler.rs`).
export CARGO_INCREMENTAL := 1

.PHONY: help run test lint bench soak shots clean

help:
	@echo 'make run    set up, build, and open the window on the sample organisation'
	@echo '            (without a display: run the same jobs and say where the results are)'
	@echo 'make test   set up, and run every test, the real window included'
	@echo 'make lint   clippy, rustfmt, the UI linter, licences'
	@echo 'make bench  measure import and trail; docs/benchmarks.md has the figures'
	@echo 'make soak   import, query, report and verify in a loop for an hour'
	@echo 'make shots  pictures of every screen in both themes in out/shots'
	@echo 'make clean  remove what was built'

run:
	@scripts/run.sh

test:
	@scripts/test.sh

lint:
	@scripts/lint.sh

bench:
	@scripts/bench.sh

soak:
	@scripts/soak.sh

shots:
	@scripts/shots.sh

clean:
	rm -rf target ui/dist ui/node_modules out
