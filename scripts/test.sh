#!/usr/bin/env bash
# `make test`: every test there is. One build, one feature set; the first failing part does not
# hide the others, and the last lines say what passed.
#
# The UI's lint and units run beside the Rust tests, which often leave a processor idle. What they print
# is kept and shown part by part once the Rust tests are through. The browser comes last and alone: what a
# page does in time is part of what its tests ask.
set -uo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test || exit 1
[ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"
export NO_AT_BRIDGE=1

kept=$(mktemp -d)
beside=
trap '[ -z "$beside" ] || kill -- -"$beside" 2>/dev/null; rm -rf "$kept"' EXIT
trap 'exit 130' INT TERM HUP

names=()
heading() { printf '\n=== %s\n' "$1"; }
# Runs a part and notes how it ended in a file, which the summary reads.
part() {
  local name="$1" began=$SECONDS outcome=passed
  shift
  "$@" </dev/null || outcome=FAILED
  printf '%s in %s s' "$outcome" "$((SECONDS - began))" >"$kept/$name.outcome"
}
here() {
  names+=("$1")
  heading "$1"
  part "$@"
}
# The same with what it prints kept for later.
aside() { part "$@" >"$kept/$1.out" 2>&1; }
finish() {
  local failed=0 name outcome
  heading Summary
  for name in "${names[@]}"; do
    # A part that was stopped before its end noted nothing.
    outcome=$(cat "$kept/$name.outcome" 2>/dev/null || echo 'FAILED: it did not end')
    printf '%-28s %s\n' "$name" "$outcome"
    case "$outcome" in FAILED*) failed=$((failed + 1)) ;; esac
  done
  echo "$((${#names[@]} - failed)) parts passed, $failed failed, in $SECONDS s"
  exit "$((failed > 0))"
}

build_all() { cargo test --locked --offline --workspace --no-run --quiet; }
rust() { cargo test --locked --offline --workspace --no-fail-fast --quiet; }
ui_types() { (cd ui && npm run --silent lint); }
ui() { (cd ui && npm test --silent); }
browser() { (cd ui && ASSAY_BIN="$PWD/../target/debug/assay" npm run --silent test:e2e); }

here build build_all
case "$(cat "$kept/build.outcome")" in FAILED*) finish ;; esac
# A process group of its own, so that whoever interrupts this stops all of what runs beside it.
set -m
ui_parts=('UI: lint' 'UI: units')
{
  aside 'UI: lint' ui_types
  aside 'UI: units' ui
} &
beside=$!
set +m
here 'Rust and the real window' rust
wait "$beside"
beside=
for name in "${ui_parts[@]}"; do
  names+=("$name")
  heading "$name"
  cat "$kept/$name.out"
done
here 'UI: browser' browser
finish
