#!/usr/bin/env bash
# `make bench`: measures import and trail on invented Bedrock logs and prints tables.
# Settings: ASSAY_BENCH_MB (256), ASSAY_BENCH_RUNS (3), ASSAY_BENCH_CALLS (1000000),
# ASSAY_BENCH_DIR (where logs and stores are written: about twice 2.8 GB at a million calls).
# The development profile is measured: its hot crates are optimised, its checks are on, and it does
# not compile the document formats anew. A release build is not slower.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"
echo "$(date -u +%Y-%m-%d), $(nproc) processors, $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1), load $(cut -d' ' -f1-3 /proc/loadavg)"
exec cargo bench --locked --offline --quiet --package assay-engine --bench trail --profile dev
