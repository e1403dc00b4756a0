"""Facts as a person reads them: one table a topic, and what could not be understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dcctl.cli import terminal
from dcctl.cli.words import _
from dcctl.model.status import ReadingStatus
from dcctl.text import visible

if TYPE_CHECKING:
    from dcctl.model.record import RunRecord


def show_facts(found: Sequence[Mapping[str, Any]], output: terminal.Output) -> None:
    """Readings, each with its target, topic, status, value and perhaps its raw answers."""
    if output is not terminal.Output.TABLE:
        terminal.structured(list(found), output)
        return
    for one in found:
        status = terminal.shown(ReadingStatus(one["status"]))
        terminal.put(f"== {one['target']} {one['topic']}: {status} {one['message']}".rstrip())
        if one["value"]:
            show_value(one["value"])
        for answer in one.get("raw", ()):
            terminal.put(visible(answer))


def show_value(value: Mapping[str, Any]) -> None:
    """A fact: its own fields, then a table for each list of items."""
    lists = {name: items for name, items in value.items() if _is_table(items)}
    plain = [(name, _cell(item)) for name, item in value.items() if name not in lists]
    if any(cell for _name, cell in plain):
        terminal.table((_("field"), _("value")), plain)
    for items in lists.values():
        headings = [name for name in items[0] if any(_cell(one.get(name)) for one in items)]
        rows = [[_cell(one.get(name)) for name in headings] for one in items]
        terminal.table(headings, rows)


def show_statuses(record: RunRecord, output: terminal.Output) -> None:
    """How each topic of each target was read."""
    from dcctl.workflows.facts import readings

    rows = [
        (target, topic, ReadingStatus(reading["status"]), str(reading.get("message", "")))
        for target, topic, reading in readings(record)
    ]
    if output is not terminal.Output.TABLE:
        terminal.structured(record, output)
        return
    terminal.table((_("target"), _("topic"), _("status"), _("what happened")), rows)


def _is_table(items: Any) -> bool:
    return bool(items) and isinstance(items, list | tuple) and isinstance(items[0], Mapping)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(_cell(one) for one in value)
    if isinstance(value, Mapping):
        return " ".join(_cell(one) for one in value.values() if one not in (None, ""))
    return str(value)
