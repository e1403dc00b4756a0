"""The paper as Markdown, for tickets and merge requests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dcctl.reports._paper import words
from dcctl.reports._rows import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dcctl.model.procedure import Act, Part, Procedure, Sheet, Stretch

_SPECIAL = re.compile(r"([\\`*\[\]|<>~#]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;))")


def render(paper: Procedure, languages: Sequence[str]) -> bytes:
    """Same paper, same bytes."""
    return ("\n".join(_Text(languages).lines(paper)) + "\n").encode()


class _Text:
    def __init__(self, languages: Sequence[str]) -> None:
        self.languages = tuple(languages)

    def say(self, told: Any, /, **params: Any) -> str:
        return _plain(" / ".join(words.both(told, self.languages, **params)))

    def word(self, name: str, /, **params: Any) -> str:
        return self.say(words.WORDS[name], **params)

    def lines(self, paper: Procedure) -> Iterator[str]:
        yield f"# {self.word('title')}"
        yield from self._head(paper)
        yield from self._risk(paper)
        yield from ("", f"## {self.word('order')}")
        for wave in paper.waves:
            yield from self._wave(wave)
        yield f"{self.word('certificate')}: `{paper.certificate}`. {self.word('check')}"
        named = paper.plan[:12] + (" --lab" if paper.lab else "")
        yield from ("", "```", f"dcctl upgrade mop {named} --certificate both.json")
        yield from ("python3 certificate_checker.py < both.json", "```")
        for wave in paper.waves:
            for sheet in wave.sheets:
                yield from self._sheet(sheet, wave)

    def _head(self, paper: Procedure) -> Iterator[str]:
        if paper.lab:
            yield f"\n**{self.word('lab')}**"
        yield ""
        yield f"- {self.word('plan')}: `{paper.plan}`"
        yield f"- {self.word('estate')}: {_plain(paper.estate)}"
        yield f"- {self.word('requester')}: {_plain(paper.requester) or '-'}"
        yield f"- {self.word('made')}: {words.local(paper.made_at)}"
        yield f"- {self.word('failures')}: {paper.max_failures}"
        for role, people in paper.needed.items():
            told = self.say(words.ROLES.get(role, role))
            yield f"- {self.word('approvals')}: {told}: {self.word('needed')} {people}"
        for one in paper.given:
            role = self.say(words.ROLES.get(one.role, one.role))
            yield f"- ✓ **{_plain(one.approver)}** {role} {words.local(one.at)} `{one.key}`"
        yield from ("", f"## {self.word('windows')}", "")
        for window in paper.windows if paper.bounded else ():
            told = " / ".join(words.days(window.days, one) for one in self.languages)
            yield f"- {_plain(window.name)}: {told}, {window.hours} {window.zone}"
        for freeze in paper.freezes if paper.bounded else ():
            yield (
                f"- {self.word('freezes')}: {freeze.first} - {freeze.last} {_plain(freeze.reason)}"
            )

    def _risk(self, paper: Procedure) -> Iterator[str]:
        sheets = [sheet for wave in paper.waves for sheet in wave.sheets]
        bare = ", ".join(sheet.name for sheet in sheets if sheet.bare)
        cuts = [f"{sheet.name} ({', '.join(sheet.cuts)})" for sheet in sheets if sheet.cuts]
        yield from ("", f"## {self.word('risk')}", "")
        yield f"- **{self.word('bare')}**: {bare or self.word('none')}"
        yield f"- **{self.word('cut')}**: {', '.join(cuts) or self.word('none')}"
        if unseen := dict.fromkeys(link for sheet in sheets for link in sheet.unseen):
            yield f"- **{self.word('unseen')}**: {', '.join(unseen)}"
        for trap in paper.traps:
            names = ", ".join(trap.elements)
            yield f"- {_plain(trap.where)}: {self.say(trap.words)} ({names})"
        for name, problem in paper.problems.items():
            yield f"- {self.word('problems')}: {name}: {_plain(problem)}"

    def _wave(self, wave: Stretch) -> Iterator[str]:
        kind = self.say(words.KINDS.get(wave.kind, wave.kind))
        yield from ("", f"### {self.word('wave', n=wave.number)} · {kind}", "")
        names = (self.word("down"), self.word("site"), self.word("path"))
        yield from (f"| {' | '.join(names)} |", "|---|---|---|")
        for sheet in wave.sheets:
            for kept in sheet.keeps:
                yield f"| {sheet.name} | {kept.site} | {' - '.join(kept.path)} |"
            if not sheet.keeps:
                yield f"| {sheet.name} | | {self.word('no_path')} |"
        yield ""

    def _sheet(self, sheet: Sheet, wave: Stretch) -> Iterator[str]:
        yield from ("", f"## {sheet.name} ({self.word('wave', n=wave.number)})", "")
        yield f"- {self.word('release')}: **{sheet.before} → {sheet.release}** ({sheet.image})"
        yield f"- {self.word('login')}: `{sheet.login}`"
        yield f"- {self.word('net')}: {self.say(sheet.net)}"
        if sheet.cuts:
            yield f"- {self.word('cuts')}: **{', '.join(sheet.cuts)}**"
        for number, part in enumerate(sheet.parts, 1):
            yield from self._part(part, str(number))
        for number, part in enumerate(sheet.back, 1):
            yield from self._part(part, f"R{number}")

    def _part(self, part: Part, number: str) -> Iterator[str]:
        most = f" ({self.word('most', n=part.minutes)})" if part.minutes else ""
        yield from ("", f"### {number}. {self.say(part.title)}{most}", "")
        for act in part.acts:
            yield from self._act(act)
        if part.otherwise:
            yield f"**{self.word('otherwise')}**: {self.say(part.otherwise)}"

    def _act(self, act: Act) -> Iterator[str]:
        if act.when is not None:
            yield from (f"{self.word('when')}: *{self.say(act.when)}*", "")
        if act.on:
            yield from (f"{self.word('on', name=act.on)}:", "")
        if act.commands:
            yield from ("```", *(clean(command) for command in act.commands), "```")
        for seen in act.expect:
            yield f"- [ ] {self.say(seen)}"
        for title, told in act.gates:
            yield f"- [ ] {self.say(title)}" + (f" `{told}`" if told else "")
        yield ""


def _plain(text: str) -> str:
    """Words as words, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(clean(text).split()))
