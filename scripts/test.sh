#!/usr/bin/env bash
# `make test`: every test there is. One build, one feature set; the first failing part does not
# hide the others, and the last lines say what passed.
set -uo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test || exit 1
[ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"
export NO_AT_BRIDGE=1

names=()
outcomes=()
part() {
  local name="$1" began=$SECONDS
  shift
  echo
  echo "=== $name"
  local outcome=passed
  "$@" </dev/null || outcome=FAILED
  names+=("$name")
  outcomes+=("$outcome in $((SECONDS - began)) s")
}
finish() {
  local failed=0 index
  echo
  echo '=== Summary'
  for index in "${!names[@]}"; do
    printf '%-28s %s\n' "${names[$index]}" "${outcomes[$index]}"
    case "${outcomes[$index]}" in FAILED*) failed=$((failed + 1)) ;; esac
  done
  echo "$((${#names[@]} - failed)) parts passed, $failed failed, in $SECONDS s"
  exit "$((failed > 0))"
}

build_all() { cargo test --locked --offline --workspace --no-run --quiet; }
rust() { cargo test --locked --offline --workspace --no-fail-fast --quiet; }
ui_types() { (cd ui && npm run --silent lint); }
ui() { (cd ui && npm test --silent); }
browser() { (cd ui && ASSAY_BIN="$PWD/../target/debug/assay" npm run --silent test:e2e); }

part 'build' build_all
case "${outcomes[0]}" in FAILED*) finish ;; esac
part 'Rust and the real window' rust
part 'UI: lint' ui_types
part 'UI: units' ui
part 'UI: browser' browser
finish
