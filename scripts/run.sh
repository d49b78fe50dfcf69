#!/usr/bin/env bash
# `make run`: opens the window on the sample organisation; without a display it runs the same jobs
# headless and says where report, evidence and a picture of the window are.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh run
[ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"

echo 'Building Assay (a few minutes the first time)'
cargo build --locked --offline --quiet -p assay-cli -p assay-desktop --bins

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" != Linux ]; then
  echo 'Opening the window on the sample organisation'
  exec target/debug/assay-desktop --sample ${STORE:+--store "$STORE"}
fi

echo 'There is no display, so the same jobs run without a window'
out='out/demo'
rm -rf "$out"
mkdir -p "$out"
target/debug/assay demo --out "$out"
if scripts/picture.sh "$out/window.png" --sample --store "$out/store"; then
  echo "picture of the window: $out/window.png"
else
  echo 'no picture of the window: it needs the packages xvfb and imagemagick'
fi
