"""TextFSM templates that tell what they did not understand, and that threads may share.

A template is compiled once a process. Each parse borrows a machine of it; a machine more than are
idle is a copy of the mutable part only (values, not rules), so that sharing costs nothing.
"""

from __future__ import annotations

import copy
import re
from collections import deque
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from textfsm import TextFSM

from dcctl.platforms._expressions import safe

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Record = dict[str, Any]
_LONG = 1 << 14  # characters of an answer that is not remembered
_SHORT, _REMEMBERED = 200, 4096  # characters of a line that is; lines of one template
# A rule that takes all of one of these groups takes anything: it says nothing about the text.
_ANYTHING = (
    ("zq 17 xylophone ~~", "Qwerty: 12,3 %% foo|bar", "nonsense"),
    ("   indented Gibberish 9/9/9 (nope)", "  zq ~~ 17", "\tnonsense, 4.5"),
    ("zq 17 xylophone ~~", "Qwerty: 12,3 %% foo|bar", "no sense, here"),
    (
        "zq 17 ~~ xylophone of? <b> %x",
        "Qwerty: 12,3 %% foo|bar [x] {1}",
        "no sense, (here) - +4 =y",
    ),
)


@dataclass(frozen=True, slots=True)
class Scan:
    """What one template made of one text. Lines count from 0; blank ones are not counted."""

    records: tuple[Record, ...]
    lines: int
    refused: tuple[int, ...]  # an error rule of the template took them
    missed: tuple[int, ...]  # no rule took them, in a state that reads values
    blind: tuple[int, ...]  # at the start, only a rule that takes anything took them
    preamble: tuple[int, ...]  # no rule took them, in a state that only looks for a heading
    swallowed: tuple[int, ...]  # further on, only a rule that takes anything took them


class Template:
    """One compiled template; `scan` may be called from many threads."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8") as file:
            self._first = _Machine(file)
        self._idle: deque[_Machine] = deque([self._first])
        self.keys = tuple(name.lower() for name in self._first.GetValuesByAttrib("Key"))
        self.header = tuple(name.lower() for name in self._first.header)

    def scan(self, text: str) -> Scan:
        """All that the template has to say of `text`; error rules do not stop it."""
        if len(text) > _LONG:
            return self._scan(text)
        scan = _scan(self, text)
        return replace(scan, records=tuple(map(dict, scan.records)))  # readers may change theirs

    def _scan(self, text: str) -> Scan:
        try:
            machine = self._idle.pop()
        except IndexError:
            machine = self._first.twin()
        try:
            return machine.scan(text, self.header)
        finally:
            self._idle.append(machine)


@lru_cache(maxsize=256)  # while one waits, the same is read again and again
def _scan(template: Template, text: str) -> Scan:
    return template._scan(text)  # noqa: SLF001 - a part of it that has to lie outside


@cache
def template(path: Path) -> Template:
    """The template of `path`, compiled once a process."""
    return Template(path)


class _Machine(TextFSM):  # type: ignore[misc]  # textfsm has no types
    """TextFSM, its rules laid out for speed, that goes on after what it does not understand."""

    def __init__(self, file: Any) -> None:
        super().__init__(file)
        self._rules = {
            name: [_Rule.of(rule) for rule in rules] for name, rules in self.states.items()
        }
        self._heading = {
            name for name, rules in self._rules.items() if not any(rule.names for rule in rules)
        }
        self.by_name = {value.name: value for value in self.values}
        # All machines of a template share it: what a line is depends on nothing else.
        self._known: dict[tuple[str, str], Sequence[tuple[_Rule, re.Match[str]]]] = {}

    def twin(self) -> _Machine:
        """Another machine over the same rules, with values of its own."""
        other = copy.copy(self)
        other.values = []
        for value in self.values:
            own = copy.copy(value)
            own.fsm = other
            own.options = [type(option)(own) for option in value.options]
            for option in own.options:
                option.OnCreateOptions()
            other.values.append(own)
        other.by_name = {value.name: value for value in other.values}
        return other

    def scan(self, text: str, header: tuple[str, ...]) -> Scan:
        self.Reset()
        self._state = "Start"
        refused: list[int] = []
        missed: list[int] = []
        preamble: list[int] = []
        swallowed: list[int] = []
        blind: list[int] = []
        seen = 0
        lines = text.splitlines()
        for number, line in enumerate(lines):
            if self._state in ("End", "EOF"):
                rest = [n for n in range(number, len(lines)) if lines[n].strip()]
                missed, seen = missed + rest, seen + len(rest)
                break
            state = self._state
            took = self._line(line)
            if not line.strip():
                continue
            seen += 1
            if took is None:
                refused.append(number)
            elif took == _NOTHING:
                (preamble if state in self._heading else missed).append(number)
            elif took == _BLINDLY:
                (blind if state == "Start" else swallowed).append(number)
        if self._state != "End" and "EOF" not in self.states:
            self._AppendRecord()
        return Scan(
            records=tuple(dict(zip(header, row, strict=True)) for row in self._result),
            lines=seen,
            refused=tuple(refused),
            missed=tuple(missed),
            blind=tuple(blind),
            preamble=tuple(preamble),
            swallowed=tuple(swallowed),
        )

    def _line(self, line: str) -> int | None:
        """How well the state's rules took `line`; None: an error rule did."""
        took = _NOTHING
        for rule, matched in self._matching(line):
            if rule.error:
                return None
            took = max(took, _BLINDLY if rule.blind else _WELL)
            for name in rule.names:
                self.by_name[name].AssignVar(matched.group(name))
            if rule.record == "Record":
                self._AppendRecord()
            elif rule.record:
                (self._ClearRecord if rule.record == "Clear" else self._ClearAllRecord)()
            if not rule.goes_on and rule.state:
                self._state = rule.state
        return took

    def _matching(self, line: str) -> Sequence[tuple[_Rule, re.Match[str]]]:
        """The rules of this state that take `line`, up to the first that is the last for it.

        Most lines of an answer stand in every answer of their kind: they are remembered.
        """
        known = self._known.get((self._state, line))
        if known is not None:
            return known
        found = []
        for rule in self._rules.get(self._state, ()):
            matched = rule.match(line)
            if matched is not None:
                found.append((rule, matched))
                if rule.error or not rule.goes_on:
                    break
        if len(line) <= _SHORT:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[self._state, line] = found
        return found


_NOTHING, _BLINDLY, _WELL = 0, 1, 2


@dataclass(frozen=True, slots=True)
class _Rule:
    match: Any
    names: tuple[str, ...]
    record: str
    state: str
    error: bool
    goes_on: bool
    blind: bool

    @classmethod
    def of(cls, rule: Any) -> _Rule:
        regex = re.compile(safe(rule.regex))
        return cls(
            match=regex.match,
            names=tuple(name for name in regex.groupindex if f"${{{name}}}" in rule.match),
            record="" if rule.record_op == "NoRecord" else rule.record_op,
            state=rule.new_state,
            error=rule.line_op == "Error",
            goes_on=rule.line_op == "Continue",
            blind=any(all(map(regex.match, group)) for group in _ANYTHING),
        )
