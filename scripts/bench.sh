#!/usr/bin/env bash
# `make bench`: measures the evidence tree, packs, import and trail on invented records and prints tables.
# Settings: ASSAY_BENCH_CIPHER (1 compares a plain store with an encrypted one),
# ASSAY_BENCH_LEAVES (10000000), ASSAY_BENCH_MB (256), ASSAY_BENCH_RUNS (3),
# ASSAY_BENCH_PYTHON (a Python that has duckdb and sqlite-utils; made where there is none),
# ASSAY_BENCH_PACKED (10000), ASSAY_BENCH_CALLS (1000000), ASSAY_BENCH_RECORDS (200000, checked at
# each depth), ASSAY_BENCH_DIR (where logs and stores are written: about twice 2.8 GB
# at a million calls, 2.6 GB at ten million leaves).
# The profile `measure` (Cargo.toml) is measured: the hot crates are optimised and unchecked as in a
# release, the crates that write documents are not compiled for speed, which takes ten minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh run
[ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"
echo "$(date -u +%Y-%m-%d), $(nproc) processors, $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1), load $(cut -d' ' -f1-3 /proc/loadavg)"
cargo bench --locked --offline --quiet --package assay-store --bench tree --profile measure
cargo bench --locked --offline --quiet --package assay-engine --bench pack --profile measure
# What an import is compared with, on the same file in the same run.
if [ -z "${ASSAY_BENCH_PYTHON:-}" ] && python3 -m venv target/bench-venv 2>/dev/null \
  && target/bench-venv/bin/pip --quiet install duckdb sqlite-utils 2>/dev/null; then
  export ASSAY_BENCH_PYTHON="$PWD/target/bench-venv/bin/python"
fi
cargo bench --locked --offline --quiet --package assay-engine --bench trail --profile measure
# Frames of the real window, where the programs for it are installed; a slow machine is no failure here.
if command -v Xvfb > /dev/null && command -v WebKitWebDriver > /dev/null && command -v xdotool > /dev/null; then
    scripts/bench-scroll.sh "${ASSAY_SCROLL_STORE:-}" || echo "slower than the goal"
fi
