#!/usr/bin/env bash
# `make shots`: pictures of every screen in both themes, taken in the real window, in out/shots.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test
rm -rf out/shots
CI=true ASSAY_SHOTS="$PWD/out/shots" cargo test --locked --offline --quiet -p assay-desktop --test window -- screens
echo "pictures: out/shots ($(ls out/shots | wc -l))"
