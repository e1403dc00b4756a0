#!/usr/bin/env bash
# Set up a working tree: Debian packages where we are root, a virtual environment, the locked packages.
# Quick when nothing changed. Arguments are more Debian packages.
set -euo pipefail
cd "$(dirname "$0")/.."

debian=(python3-venv python3-dev gcc openssh-server openssh-client debootstrap iproute2 nftables btrfs-progs
  dpkg-dev apt-utils gpg util-linux procps e2fsprogs
  openscap-common
  libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-liberation2 "$@")

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  missing=()
  for package in "${debian[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    echo "setup: installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  fi
else
  echo "setup: not root, so Debian packages and the lab's real hosts are left out; everything else goes on"
fi

# The system's own Python is patched with the system, and built to be fast: one that somebody compiled beside it may be a
# fifth slower.
new_enough() { "$1" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
python=${PYTHON:-/usr/bin/python3}
[ -n "${PYTHON:-}" ] || new_enough "$python" || python=python3
new_enough "$python" || {
  echo "setup: Python 3.11 or later is needed, with its venv (set PYTHON=...)" >&2
  exit 2
}
[ -x .venv/bin/python ] || "$python" -m venv .venv

stamp=.venv/.installed
want=$(cat requirements.lock pyproject.toml | sha256sum | cut -d' ' -f1)
if [ "$(cat $stamp 2>/dev/null)" != "$want" ]; then
  echo "setup: installing the locked packages"
  .venv/bin/python -m pip install -q --disable-pip-version-check -r requirements.lock
  .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps -e .
  echo "$want" >$stamp
fi
.venv/bin/python -m tools.translations compile
