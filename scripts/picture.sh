#!/usr/bin/env bash
# Takes a picture of the real window in a display of its own:
#   scripts/picture.sh FILE.png [arguments of assay-desktop…]
set -euo pipefail
cd "$(dirname "$0")/.."
picture="$1"
shift
command -v Xvfb >/dev/null 2>&1 && command -v import >/dev/null 2>&1 || exit 1

scratch="$(mktemp -d)"
started=()
finish() {
  for id in "${started[@]}"; do kill "$id" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$scratch"
}
trap finish EXIT

Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$scratch/display" >/dev/null 2>&1 &
started+=($!)
for _ in $(seq 100); do [ -s "$scratch/display" ] && break; sleep 0.1; done
[ -s "$scratch/display" ] || { echo 'Xvfb did not start' >&2; exit 1; }
export DISPLAY=":$(cat "$scratch/display")"
unset WAYLAND_DISPLAY
export NO_AT_BRIDGE=1 GDK_BACKEND=x11

target/debug/assay-desktop "$@" >"$scratch/log" 2>&1 &
started+=($!)
window=$!

# Painted and settled: more than a few colours, and the same twice in a row.
before=''
for _ in $(seq 120); do
  sleep 1
  kill -0 "$window" 2>/dev/null || { cat "$scratch/log" >&2; exit 1; }
  import -window root "$scratch/now.png" 2>/dev/null || continue
  colours="$(identify -format '%k' "$scratch/now.png")"
  now="$(identify -format '%#' "$scratch/now.png")"
  if [ "$colours" -gt 64 ] && [ "$now" = "$before" ]; then
    mkdir -p "$(dirname "$picture")"
    cp "$scratch/now.png" "$picture"
    exit 0
  fi
  before="$now"
done
echo 'the window did not settle within two minutes' >&2
cat "$scratch/log" >&2
exit 1
