#!/usr/bin/env bash
# `make test`: every test there is. One build, one feature set; the first failing part does not
# hide the others, and the last lines say what passed.
#
# All parts run side by side, since each by itself leaves a processor idle much of the time. What they
# print is kept and shown part by part. Pages go before the rest: what they do in time is part of what
# their tests ask. The others stand back a little, and get a third of a page's share while both want more.
set -uo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test || exit 1
[ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"
export NO_AT_BRIDGE=1

kept=$(mktemp -d)
running=()
stop() {
  local group
  for group in "${running[@]}"; do kill -- -"$group" 2>/dev/null; done
  rm -rf "$kept"
}
trap stop EXIT
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
# The same beside all else, one part after another (name, function, name, function …), with what they print
# kept for later. A process group of its own, so that whoever interrupts this stops all of it.
beside() {
  local pairs=("$@") at
  for ((at = 0; at < ${#pairs[@]}; at += 2)); do
    names+=("${pairs[at]}")
    printf '%s\n' "${pairs[at]}" >>"$kept/${#running[@]}.parts"
  done
  set -m
  for ((at = 0; at < ${#pairs[@]}; at += 2)); do
    part "${pairs[at]}" "${pairs[at + 1]}" >"$kept/${pairs[at]}.out" 2>&1
  done &
  running+=("$!")
  set +m
}
# Waits for all that was started so, in its order, and shows what it printed.
gather() {
  local at name
  for at in "${!running[@]}"; do
    wait "${running[at]}"
    while IFS= read -r name; do
      heading "$name"
      cat "$kept/$name.out"
    done <"$kept/$at.parts"
  done
  running=()
}
# What failed in a part, in a few lines: whoever sees only the end of a log needs no more to look it up.
# Of vitest the names and the first line of each reason, of cargo the names, the places and the messages,
# of the compiler and the linter of the screens the places and what is wrong there.
failures() {
  sed 's/\x1b\[[0-9;]*m//g' "$kept/$1.out" 2>/dev/null |
    grep -E -A1 '^ *FAIL |^[A-Za-z]*Error: |^thread .* panicked at|^error(\[|:)|error TS[0-9]|━━━|^ +× ' |
    grep -v '^--$' | awk 'NF && !seen[$0]++' | cut -c1-240 | head -n 16 | sed 's/^/    /'
}
finish() {
  local failed=0 name outcome
  heading Summary
  for name in "${names[@]}"; do
    # A part that was stopped before its end noted nothing.
    outcome=$(cat "$kept/$name.outcome" 2>/dev/null || echo 'FAILED: it did not end')
    printf '%-28s %s\n' "$name" "$outcome"
    case "$outcome" in
      FAILED*)
        failed=$((failed + 1))
        failures "$name"
        ;;
    esac
  done
  echo "$((${#names[@]} - failed)) parts passed, $failed failed, in $SECONDS s"
  exit "$((failed > 0))"
}

# The first argument is how far it stands back, as of `nice`.
rust() { nice -n "$1" cargo test --locked --offline --workspace --no-fail-fast --quiet "${@:2}"; }
build_all() { rust 0 --no-run; }
terminal() { rust 5 --test=it; }
window() { rust 0 --test=window; }
# All programs of tests but those two, whatever they are called.
crates() {
  local others
  others=$(cargo metadata --locked --offline --no-deps --format-version 1 | node -e '
    const { packages } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    const tests = packages.flatMap(({ targets }) => targets.filter(({ kind }) => kind.includes("test")));
    const names = new Set(tests.map(({ name }) => `--test=${name}`));
    process.stdout.write([...names].filter((name) => !/=(it|window)$/.test(name)).join(" "));')
  # shellcheck disable=SC2086 # each is an argument
  [ -n "$others" ] && rust 5 --lib --bins $others
}
ui_types() { (cd ui && npm run --silent lint); }
ui_units() { (cd ui && npm test --silent); }
browser() { (cd ui && ASSAY_BIN="$PWD/../target/debug/assay" npm run --silent test:e2e); }

beside 'UI: lint' ui_types 'UI: units' ui_units
names+=(build)
heading build
part build build_all
case "$(cat "$kept/build.outcome")" in
  passed*)
    beside 'UI: browser' browser
    beside 'the real window' window
    beside 'Rust: terminal and tree' terminal
    beside 'Rust: crates' crates
    ;;
esac
gather
finish
