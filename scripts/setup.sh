#!/usr/bin/env bash
# Sets up what this tree needs: `scripts/setup.sh run` to build and start it, `scripts/setup.sh
# test` to test it too. Does only what is missing, so a second time it needs no network.
set -euo pipefail
cd "$(dirname "$0")/.."
purpose="${1:-run}"

say() { printf '%s\n' "$*"; }
stop() { printf '\n%s\n' "$*" >&2; exit 1; }

# --- toolchains: the two things that we do not install -----------------------------------------
need_rust='1.95'
need_node='20.19'
older() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" != "$1" ]; }

case "$(uname -s)" in
  Linux) system_hint='' ;;
  Darwin) system_hint='macOS: xcode-select --install; then Rust from https://rustup.rs and Node 20 (brew install node@20). WebKit is part of macOS.' ;;
  *) system_hint='Windows: Visual Studio Build Tools with "Desktop development with C++", the WebView2 runtime (part of Windows 11), Rust from https://rustup.rs, Node 20, and Git Bash with make.' ;;
esac
[ -z "$system_hint" ] || say "$system_hint"

command -v cargo >/dev/null 2>&1 || { [ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"; } || true
command -v cargo >/dev/null 2>&1 || stop "Rust is missing. Install it from https://rustup.rs (version $need_rust or newer), then try again."
rust="$(cargo --version | cut -d' ' -f2)"
older "$need_rust" "$rust" && stop "Rust $rust is too old: run \`rustup update stable\` ($need_rust or newer is needed), then try again."
command -v node >/dev/null 2>&1 || stop "Node is missing. Install Node 20 with npm from https://nodejs.org, then try again."
node="$(node --version | tr -d v)"
older "$need_node" "$node" && stop "Node $node is too old: $need_node or newer is needed. https://nodejs.org"
command -v npm >/dev/null 2>&1 || stop "npm is missing. It comes with Node from https://nodejs.org."

# --- system packages ---------------------------------------------------------------------------
build=(build-essential pkg-config libssl-dev libwebkit2gtk-4.1-dev libdbus-1-dev fonts-dejavu-core)
picture=(xvfb imagemagick)
testing=(webkit2gtk-driver chromium xdotool poppler-utils openssl python3 dbus-daemon gnome-keyring)
wanted=("${build[@]}")
if [ "$purpose" = test ]; then
  wanted+=("${picture[@]}" "${testing[@]}")
elif [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  wanted+=("${picture[@]}")
fi

packages() {
  command -v dpkg-query >/dev/null 2>&1 || {
    pkg-config --exists libcrypto webkit2gtk-4.1 dbus-1 2>/dev/null && return 0
    stop "This system has no apt. Install the development packages of OpenSSL, WebKitGTK 4.1 and D-Bus, a C compiler and pkg-config
  Fedora: sudo dnf install gcc gcc-c++ pkgconf openssl-devel webkit2gtk4.1-devel dbus-devel
  Arch:   sudo pacman -S base-devel openssl webkit2gtk-4.1 dbus
and for the tests Xvfb, ImageMagick, xdotool, Chromium and WebKitWebDriver; then try again."
  }
  local missing=() name
  for name in "${wanted[@]}"; do
    dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "Installing system packages: ${missing[*]}"
  local as=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
      as=(sudo -n)
    else
      stop "These system packages are missing, and installing them needs your password. Run
  sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}
and then try again."
    fi
  fi
  command -v apt-get >/dev/null 2>&1 || stop "These system packages are missing: ${missing[*]}"
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq update </dev/null || say 'apt-get update failed; trying with the lists that are here.'
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "${missing[@]}" </dev/null >/dev/null \
    || stop "Installing failed. Run
  sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}
to see why."
}
[ "$(uname -s)" != Linux ] || packages

# --- crates and npm packages -------------------------------------------------------------------
# Fetched once for each lock file, so that everything after this works without a network.
stamp() { cat "$@" | cksum | cut -d' ' -f1-2; }
fresh() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }
mkdir -p target/setup

crates="$(stamp Cargo.lock)"
if ! fresh target/setup/crates "$crates"; then
  say 'Fetching crates'
  cargo fetch --locked --quiet
  printf '%s' "$crates" > target/setup/crates
fi

npm_packages="$(stamp ui/package-lock.json)"
if [ ! -d ui/node_modules ] || ! fresh ui/node_modules/.set-up "$npm_packages"; then
  say 'Installing npm packages'
  (cd ui && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null)
  printf '%s' "$npm_packages" > ui/node_modules/.set-up
fi

# --- Presidio, for the test that speaks to its real server ---------------------------------------
# Pinned with hashes, in an environment of its own. Who lacks Python 3.11 or a package index is told
# so, and the test says that it was left out.
presidio() {
  local pinned python=python3
  command -v "$python" >/dev/null 2>&1 && "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
    say 'LEFT OUT: the test against Presidio needs Python 3.11 with venv (Debian: python3-venv).'
    return 0
  }
  pinned="$(stamp scripts/presidio/requirements.txt) $("$python" --version)"
  ! fresh target/setup/presidio/.set-up "$pinned" || return 0
  say 'Installing Presidio for its test'
  rm -rf target/setup/presidio
  "$python" -m venv target/setup/presidio \
    && target/setup/presidio/bin/pip install --quiet --disable-pip-version-check --no-compile \
      --only-binary :all: --require-hashes -r scripts/presidio/requirements.txt </dev/null \
    && printf '%s' "$pinned" > target/setup/presidio/.set-up \
    || { rm -rf target/setup/presidio; say 'LEFT OUT: the test against Presidio, as it could not be installed from PyPI.'; }
}
[ "$purpose" != test ] || presidio

# --- the UI that the window embeds -------------------------------------------------------------
ui_sources="$(cd ui && find . -path ./node_modules -prune -o -path ./dist -prune -o -type f -print0 \
  | LC_ALL=C sort -z | xargs -0 cat | cksum | cut -d' ' -f1-2)"
if [ ! -f ui/dist/index.html ] || ! fresh target/setup/ui "$ui_sources"; then
  say 'Building the UI'
  (cd ui && npm run --silent build </dev/null)
  printf '%s' "$ui_sources" > target/setup/ui
fi
