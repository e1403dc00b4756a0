"""An audit of 1,000 network elements judged from stored evidence, and a page of 10,000 findings.

The evidence is collected once, from the twins (minutes), and kept where `--keep` says.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from dcctl import reports
from dcctl.model.status import FindingStatus
from tests.benchmarks.audit_evidence import made
from tests.benchmarks.estate import measure
from tests.browser import CHROMIUM, Browser, browser
from tests.unit.reports.conftest import build, finding

_STATUSES = (*(FindingStatus.PASS,) * 3, FindingStatus.FAIL, FindingStatus.NOT_EVALUATED)
_NARROW = """(async () => {
  const field = document.querySelector("#filter [type=search]"), begun = performance.now();
  const said = document.querySelector("#filter output"), before = said.textContent;
  field.value = %s;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  while (said.textContent === before) await new Promise((done) => setTimeout(done, 5));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - begun;
})()"""
_OPEN = """(async () => {
  const begun = performance.now(), group = document.querySelector("#all details:not([open])");
  group.open = true;
  group.scrollIntoView();
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - begun;
})()"""


def evaluated(site: Path, devices: int) -> None:
    """`dcctl audit evaluate`, a whole process each time; memory is its own and its forks'."""
    argv = [sys.executable, "-m", "dcctl", "audit", "evaluate", "--site", str(site)]
    shell = [sys.executable, "-c", _UNJUDGED, *argv]
    for words in ("table", "json"):
        cost = measure([*shell, "-o", words], site)
        print(f"{devices:,} elements, {words}: {cost} (the largest process)", flush=True)
    alone = measure(["taskset", "-c", "0", *shell], site)
    print(f"{devices:,} elements, one core: {alone}")


# Findings that fail are no failure of the measurement.
_UNJUDGED = """
import subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
sys.exit(done.returncode not in (0, 3, 4))
"""


def page(findings: int) -> bytes:
    """The page of a run with so many findings on 25 checks; says how long it took."""
    record = build(
        [],
        [
            finding(f"p{n // 25:05d}", f"topic.check_{n % 25:02d}", _STATUSES[n % 5 - n // 25 % 5])
            for n in range(findings)
        ],
    )
    begun = time.process_time()
    content = reports.render(record, "html", "vi")
    print(f"{findings:,} findings: HTML in {time.process_time() - begun:.2f} s CPU, "
          f"{len(content) / 2**20:.1f} MiB")  # fmt: skip
    begun = time.process_time()
    paper = reports.render(record, "pdf", "vi")
    print(f"{findings:,} findings: PDF in {time.process_time() - begun:.2f} s CPU, "
          f"{len(paper) / 2**20:.1f} MiB")  # fmt: skip
    return content


def looked_at(path: Path, opened: Browser) -> None:
    """What a person at the browser waits for."""
    begun = time.perf_counter()
    opened.open(path)
    opened.ask("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    told: dict[str, Any] = {"load": (time.perf_counter() - begun) * 1000}
    told["first narrowing"] = opened.ask(_NARROW % json.dumps("khong dat check_07"))
    told["next narrowing"] = opened.ask(_NARROW % json.dumps("p00123"))
    told["all again"] = opened.ask(_NARROW % json.dumps(""))
    told["open a section"] = opened.ask(_OPEN)
    print("in Chromium: " + ", ".join(f"{what} {ms:.0f} ms" for what, ms in told.items()))
    print(f"complaints of its console: {len(opened.troubles)}")


def main(arguments: list[str]) -> None:
    """Judge stored evidence, render a page, look at it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--devices", type=int, nargs="*", default=[1000])
    parser.add_argument("--findings", type=int, default=10_000, help="of the page; 0: no page")
    parser.add_argument("--keep", type=Path, help="where evidence is kept for the next time")
    chosen, _ = parser.parse_known_args(arguments)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        for devices in chosen.devices:
            site = (chosen.keep or Path(name)) / f"audit-{devices}"
            if not site.is_dir():
                begun = time.process_time()
                site.mkdir(parents=True)
                made(site, devices)
                print(f"{devices:,} elements read: {time.process_time() - begun:.0f} s CPU")
            evaluated(site, devices)
        if chosen.findings:
            path = Path(name) / "page.html"
            path.write_bytes(page(chosen.findings))
            if CHROMIUM:
                with browser(Path(name) / "profile") as opened:
                    looked_at(path, opened)


if __name__ == "__main__":
    main(sys.argv[1:])
