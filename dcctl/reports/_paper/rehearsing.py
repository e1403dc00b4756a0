"""A rehearsal for a change board: how long, what is survived, what needs a person."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from dcctl.errors import NotFound
from dcctl.model.rehearsal import Ending
from dcctl.reports._paper import words
from dcctl.reports._rows import clean
from dcctl.reports._words import PHASE_WORDS, WAVE_WORDS
from dcctl.text import N_, shortened

if TYPE_CHECKING:
    from dcctl.model.rehearsal import Forecast, Rehearsal, Trial
    from dcctl.text import Text

ENDINGS = {
    Ending.UPGRADED: N_("upgraded all the same"),
    Ending.TAKEN_BACK: N_("taken back by itself"),
    Ending.NOT_BEGUN: N_("not begun"),
    Ending.HUMAN: N_("needs a person"),
    Ending.BROKEN: N_("a promise was broken"),
}
_SHORT = 500  # characters of a result, in all languages
Table = tuple[str, tuple[str, ...], list[tuple[str, ...]]]


def rehearsal(found: Rehearsal, format: str, languages: Sequence[str]) -> bytes:  # noqa: A002 - the word that everybody uses
    """The report as `html` or `markdown`; same rehearsal, same bytes.

    Raises:
        NotFound: no such format.
    """
    if format not in {"html", "markdown"}:
        raise NotFound(N_("there is no report format {format}"), format=format)
    title = _say(N_("Rehearsal of a software upgrade"), languages)
    head = _head(found, languages)
    tables = list(_tables(found, languages))
    shape = _page if format == "html" else _text
    return shape(title, head, tables, languages[0]).encode()


def _say(told: Any, languages: Sequence[str], /, **params: Any) -> str:
    return clean(" / ".join(words.both(told, languages, **params)))


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min"


def _head(found: Rehearsal, languages: Sequence[str]) -> list[tuple[str, str]]:
    pace = N_("measured on these elements") if found.measured else N_("assumed")
    head = [
        (N_("Plan"), found.plan),
        (N_("Estate"), found.estate),
        (N_("Rehearsed"), words.local(found.made_at)),
        (N_("Expected to take"), _minutes(found.seconds)),
        (N_("One command takes"), f"{found.command_s:.2f} s ({_say(pace, languages)})"),
    ]
    for ending, count in found.counts().items():
        told = _say(ENDINGS[Ending(ending)], languages)
        head.append((N_("Faults played"), f"{told}: {count}"))
    if found.unplayed:
        head.append((N_("Faults not played, their phase never came"), _unplayed(found, languages)))
    if found.without_twin:
        head.append((N_("Not rehearsed, for they have no twin"), ", ".join(found.without_twin)))
    head += [(N_("a promise was broken"), one) for one in found.wrong]
    return [(_say(name, languages), clean(value)) for name, value in head]


def _unplayed(found: Rehearsal, languages: Sequence[str]) -> str:
    counts = Counter(found.unplayed)
    told = (
        f"{element} {_say(PHASE_WORDS.get(phase, phase), languages)}: {count}"  # type: ignore[call-overload] # a stored phase equals its member
        for (element, phase), count in counts.items()
    )
    return f"{len(found.unplayed)} ({'; '.join(told)})"


_WAVES = (N_("Wave"), N_("Kind"), N_("Length"), N_("Elements"))
_ELEMENTS = (
    N_("Element"),
    N_("Length"),
    N_("Known from earlier runs"),
    N_("Result"),
    N_("Configuration"),
)
_TRIALS = (
    N_("Element"),
    N_("Stands for"),
    N_("At"),
    N_("Fault"),
    N_("Result"),
    N_("Length"),
)


def _tables(found: Rehearsal, languages: Sequence[str]) -> Iterator[Table]:
    survived = [one for one in found.trials if one not in found.needing]
    for title, heads, rows in (
        (N_("How long each wave takes"), _WAVES, list(_waves(found, languages))),
        (
            N_("How long each element takes when nothing goes wrong"),
            _ELEMENTS,
            list(_elements(found, languages)),
        ),
        (N_("What would need a person"), _TRIALS, list(_trials(found.needing, languages))),
        (N_("What was survived"), _TRIALS, list(_trials(survived, languages))),
    ):
        counted = f" ({len(rows)})" if heads is _TRIALS else ""
        said = tuple(_say(name, languages) for name in heads)
        yield (f"{_say(title, languages)}{counted}", said, rows)


def _waves(found: Rehearsal, languages: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for one in found.waves:
        kind = _say(WAVE_WORDS[one.title], languages) if one.title in WAVE_WORDS else one.title
        yield (str(one.index + 1), kind, _minutes(one.seconds), ", ".join(one.elements))


def _elements(found: Rehearsal, languages: Sequence[str]) -> Iterator[tuple[str, ...]]:
    wanted = _say(N_("as the estate wants it"), languages)
    for one in found.elements:
        yield (
            one.name,
            _minutes(one.seconds),
            _minutes(one.measured) if one.measured else "-",
            _ended(one, languages),
            words.local(one.configuration) if one.configuration else wanted,
        )


def _ended(one: Forecast, languages: Sequence[str]) -> str:
    """The releases where all went well; else how it ended, and why."""
    told = _say(one.message, languages)
    if one.ending is Ending.UPGRADED:
        return told
    return f"{_say(ENDINGS[one.ending], languages)}: {told}"


def _trials(chosen: Sequence[Trial], languages: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for one in chosen:
        yield (
            f"{one.element} ({one.platform})",
            str(one.stands_for),
            _say(PHASE_WORDS.get(one.phase, one.phase), languages),  # type: ignore[call-overload] # a stored phase equals its member
            _say(one.title, languages),
            f"{_say(ENDINGS[one.ending], languages)}: {_shortly(one.message, languages)}",
            _minutes(one.seconds),
        )


def _shortly(message: Text, languages: Sequence[str]) -> str:
    """Each language's own words, cut alike: the first one's length takes none of the second's."""
    said = words.both(message, languages)
    return clean(" / ".join(shortened(one, _SHORT // len(said)) for one in said))


def _text(title: str, head: list[tuple[str, str]], tables: list[Table], _language: str) -> str:
    lines = [f"# {title}", "", *(f"- {name}: {_cell(value)}" for name, value in head)]
    for name, heads, rows in tables:
        lines += ["", f"## {name}", "", f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
        lines += [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return html.escape(" ".join(text.split()), quote=False).replace("|", "\\|")


def _page(title: str, head: list[tuple[str, str]], tables: list[Table], language: str) -> str:
    parts = [_HEAD.format(language=language, title=html.escape(title)), "<dl>"]
    for name, value in head:
        parts.append(f"<dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd>")
    parts.append("</dl>")
    for name, heads, rows in tables:
        cells = "".join(f"<th>{html.escape(one)}</th>" for one in heads)
        parts += [f"<h2>{html.escape(name)}</h2>", f"<table><tr>{cells}</tr>"]
        for row in rows:
            parts.append(
                "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
            )
        parts.append("</table>")
    return "\n".join(parts) + "\n</body></html>\n"


_HEAD = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 15px/1.55 system-ui, "Noto Sans", "DejaVu Sans", sans-serif; margin: 0 auto;
  max-width: 70rem; padding: 1.5rem; overflow-wrap: break-word }}
dl {{ display: grid; grid-template-columns: minmax(9rem, max-content) 1fr; gap: .25rem 1.2rem }}
dd {{ margin: 0 }} h2 {{ margin-top: 2rem; border-bottom: 2px solid }}
table {{ width: 100%; border-collapse: collapse; font-size: .92em }}
th, td {{ text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0;
  border-top: 1px solid #8886 }}
</style></head><body><h1>{title}</h1>"""
