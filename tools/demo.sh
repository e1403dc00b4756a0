#!/usr/bin/env bash
# The main job: start a lab of the sample estate, build it, check it, report. Leaves the site in .dcctl/.
set -euo pipefail
cd "$(dirname "$0")/.."
dcctl=.venv/bin/dcctl

if [ "$(id -u)" != 0 ]; then
  limit=lab_simulated
  echo "demo: not root, so only the simulated network elements take part"
else
  limit=lab_demo
fi
code=0
"$dcctl" inventory check
"$dcctl" lab up --limit "$limit"
trap '"$dcctl" lab down' EXIT
"$dcctl" build --lab --limit "$limit" --yes || code=$?
for format in html json junit markdown; do
  case $format in markdown) suffix=md ;; junit) suffix=xml ;; *) suffix=$format ;; esac
  "$dcctl" report latest --lab --format "$format" --out ".dcctl/reports/demo.$suffix"
done
exit "$code"
