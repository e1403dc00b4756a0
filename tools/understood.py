"""The table of what is understood, made from the code and from real recorded answers.

python -m tools.understood check     what CI runs: docs/platforms.md holds the table as it is now
python -m tools.understood update    write it anew

Recordings of real devices are looked for in ../shared/data/device_outputs, beside the repository.
Without them only what the code says of each row (topic and template) can be checked.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from dcctl import platforms
from dcctl.platforms import _templates

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "platforms.md"
RECORDINGS = ROOT.parent / "shared" / "data" / "device_outputs"
BEGIN, END = "<!-- understood: begin -->", "<!-- understood: end -->"
HEADING = (
    "| platform | command | answers | understood | topic | template |\n|---|---|---|---|---|---|"
)


def main() -> int:
    """One verb."""
    verb = sys.argv[1] if len(sys.argv) > 1 else "check"
    return {"check": check, "update": update}[verb]()


def update() -> int:
    """Write the table anew; needs the recordings."""
    if not RECORDINGS.is_dir():
        sys.stderr.write(f"no recordings in {RECORDINGS}: the table stays as it is\n")
        return 1
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}", encoding="utf-8")
    return 0


def check() -> int:
    """Say what of the table is not as it is now; 1 when something is."""
    wrong = list(stale())
    sys.stderr.writelines(f"docs/platforms.md: {line}\n" for line in wrong)
    return 1 if wrong else 0


def stale() -> Iterator[str]:
    """What is not as it is now, a line each."""
    written = inside()
    if RECORDINGS.is_dir():
        now = table().splitlines()
        yield from (f"missing: {line}" for line in now if line not in written)
        yield from (f"no longer so: {line}" for line in written if line not in now)
        return
    for row in [line for line in written[2:] if line.startswith("|")]:
        platform, command, answers, understood, topics, templates = _cells(row)
        known_topics, known_templates = _targets(platform, command)
        if not set(_split(topics)) <= known_topics or not set(_split(templates)) <= known_templates:
            yield f"no longer so: {row}"
        if int(understood.split()[0]) > int(answers):
            yield f"more understood than there is: {row}"


def inside() -> list[str]:
    """The lines that the document holds."""
    _, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    return rest.partition(END)[0].strip().splitlines()


def _cells(row: str) -> list[str]:
    return [cell.strip().strip("`") for cell in row.strip("|").split("|")]


def _split(cell: str) -> list[str]:
    return [part for part in cell.split("; ") if part]


def _targets(platform: str, command: str) -> tuple[set[str], set[str]]:
    """The topics and the templates that an answer to `command` may end in."""
    known = platforms.all_platforms().get(platform)
    typed = [c.topic for c in known.collectors if c.commands == (command,)] if known else []
    found = _templates.route(platform, command)
    topics = {",".join(typed), *([found.topic] if found else [])}
    return topics, {", ".join(path.stem for path in found.paths)} if found else set()


def table() -> str:
    """The whole table, and its sum."""
    made, total = [HEADING], Counter[str]()
    for folder in sorted(RECORDINGS.glob("*/*")):
        platform, command = folder.parent.name, folder.name.replace("_", " ")
        parsed = [
            platforms.parse(platform, command, path.read_text(encoding="utf-8", errors="replace"))
            for path in sorted(folder.glob("*.raw"))
        ]
        statuses = Counter(str(one.status) for one in parsed)
        total.update(statuses)
        understood = statuses["parsed"] + statuses["empty"]
        empty = f" ({statuses['empty']} empty)" if statuses["empty"] else ""
        good = [one for one in parsed if one.status in ("parsed", "empty")]
        topic = _joined(one.topic for one in good)
        template = _joined(one.template.replace(".textfsm", "") for one in good)
        numbers = f"{len(parsed)} | {understood}{empty}"
        made.append(f"| {platform} | `{command}` | {numbers} | {topic} | {template} |")
    counted = ", ".join(f"{count} {status}" for status, count in sorted(total.items()))
    return "\n".join([*made, "", f"{sum(total.values())} answers: {counted}."])


def _joined(values: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(value for value in values if value))


if __name__ == "__main__":
    sys.exit(main())
