#!/usr/bin/env bash
# The main job: raise a lab of the sample estate, build it, check it, report. A second run finds nothing to change.
set -euo pipefail
cd "$(dirname "$0")/.."
dcctl=.venv/bin/dcctl

limit=lab_demo
if [ "$(id -u)" != 0 ]; then
  limit='lab_demo:&backbone'
  echo "demo: not root, so only the simulated network elements take part"
fi
"$dcctl" inventory check
"$dcctl" lab up --limit "$limit"
code=0
"$dcctl" build --lab --limit "$limit" --yes || code=$?
for report in html:html json:json junit:xml markdown:md; do
  "$dcctl" report latest --lab --format "${report%:*}" --out ".dcctl/reports/demo.${report#*:}"
done
echo "demo: the lab stays up; look around (dcctl check --lab, dcctl ssh --lab hl-sto-a01), break something"
echo "demo: (dcctl lab fault), run this again, and end it with: .venv/bin/dcctl lab down"
exit "$code"
