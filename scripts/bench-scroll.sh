#!/usr/bin/env bash
# How long a frame takes while the trail is scrolled in the real window, without a graphics card.
# Use: scripts/bench-scroll.sh [STORE]; the sample organisation without one. Settings:
# ASSAY_SCROLL_MOST_MS (33) fails above that p95, ASSAY_SCROLL_RUNS (3).
set -euo pipefail
cd "$(dirname "$0")/.."
[ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"
[ -n "${1:-}" ] && ASSAY_SCROLL_STORE=$(realpath "$1") && export ASSAY_SCROLL_STORE
export ASSAY_SCROLL_MOST_MS=${ASSAY_SCROLL_MOST_MS:-33}
failed=0
for _ in $(seq "${ASSAY_SCROLL_RUNS:-3}"); do
    echo "load $(cut -d' ' -f1-3 /proc/loadavg)"
    cargo test --locked --offline --quiet --package assay-desktop --test window -- --nocapture rows_are_drawn || failed=1
done
exit "$failed"
