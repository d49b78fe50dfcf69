#!/usr/bin/env bash
# `make lint`: what tools can check. Licences need cargo-deny (`cargo install cargo-deny --locked`).
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh run
cargo fmt --all --check
cargo clippy --locked --offline --workspace --all-targets --quiet -- -D warnings
(cd ui && npm run --silent lint </dev/null)
if command -v cargo-deny >/dev/null 2>&1; then
  cargo deny --offline check bans licenses sources
else
  echo 'cargo-deny is not installed; tests/tidy.rs has tested the sources and licences'
fi
