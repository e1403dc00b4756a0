"""The one router from a device's answer to what it means: a typed fact, records, or why neither.

Anchored everywhere: the whole command chooses the template, and every line of the answer must be
understood by it. An answer is never taken in part, and never into another command's topic.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dcctl.contracts import Output
from dcctl.errors import Unparsed
from dcctl.model.parsed import Parsed
from dcctl.model.status import ReadingStatus
from dcctl.platforms import all_platforms
from dcctl.platforms._templates import Knowledge, Route, route
from dcctl.platforms._textfsm import Record, Scan, template
from dcctl.sieve import first_match, sieve, sieves
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dcctl.contracts import Collector

LONGEST = 32 * 1024 * 1024  # characters of an answer
_LONGEST_LINE = 600  # of an answer that a template reads: its expressions may be slow on more
_SHOWN = 80
# No device writes these into an answer; a lenient parser would read around them. (One byte that is
# no UTF-8 is somebody's description in an old encoding.)
_PRINTED = b"\t\n\r" + bytes(range(0x20, 0x7F))
_NOISE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TORN = "�" * 2
_PAGER = sieve(
    r"^.{0,20}(?:-{2,} ?\(?more(?: \d+%)?\)? ?-{2,}|<-+ ?more ?-+>|-{2,}\(more[^)]*\)-{2,}"
    r"|Press any key to continue)",
    re.IGNORECASE | re.MULTILINE,
)
_FAILED = sieve(
    r"^\s*(?:% ?(?:Invalid|Incomplete|Ambiguous|Unrecognized|Unknown command|Bad )"
    r"|(?:Error|ERROR)\s?:|error:|MINOR: |MAJOR: |CRITICAL: |SHELL PARSER FAILURE"
    r"|\s*\^?\s*syntax error|unknown command|Command authorization failed)",
)
# What may not run, or not be there, and what else a topic's own answers speak of.
_SUBJECTS = re.compile(
    r"\b(?:archive|bfd|bgp|cdp|cef|dhcp|eigrp|hsrp|is-?is|lacp|ldp|lldp|mpls|nat|ntp|ospf|pim|ptp"
    r"|rip|rsvp|snmp|trunk|vlan|vrrp)\b",
    re.IGNORECASE,
)
_ALSO = {"lag": ("lacp", "trunk"), "ldp": ("mpls",), "rsvp": ("mpls",), "time_sync": ("ntp",)}
_SHORT = 300  # characters of an answer that only says that there is nothing
_BEGINNING = 6  # lines in which a device says that it did not do what it was told
# Lines that say nothing wherever they stand: a rule, drawn; the date that IOS XR and IOS can show.
_ANYWHERE = (
    r"[^A-Za-z0-9]*",
    r"\w{3} \w{3} +\d+ \d\d:\d\d:\d\d(?:\.\d+)? [\w+-]+",
    r"Load for five secs: .*|Time source is .*",
)


def parse(platform: str, command: str, text: str) -> Parsed:
    """What `text`, the whole answer to `command`, means; raises nothing."""
    command = " ".join(command.split())
    known = all_platforms().get(platform)
    collectors = [c for c in known.collectors if c.commands == (command,)] if known else []
    found = route(platform, command)
    if not collectors and found is None:
        return Parsed(status=ReadingStatus.NO_TEMPLATE, message=_no_template(platform, command))
    output = Output(command=command, text=cleaned(text, command))
    try:
        _require_success(output, known.failures if known else ())
    except Unparsed as error:
        return Parsed(status=ReadingStatus.ERROR, message=error.text)
    typed = [_typed(collector, output) for collector in collectors]
    good = [one for one in typed if one.status is not ReadingStatus.ERROR]
    if good or found is None:
        return _joined(good or typed)
    records = _recorded(found, output)
    # What a typed parser refused must be understood to its last line to be believed after all.
    whole = records.status is ReadingStatus.PARSED and not records.unread
    return records if whole or not typed else typed[0]


def fact_of(collector: Collector, outputs: Sequence[Output]) -> tuple[ReadingStatus, Any, Text]:
    """(status, fact, message) of a collector's answers; a parser's mistake is no pass."""
    try:
        for output in outputs:
            _require_clean(output)
        value = collector.parse(outputs)
        if value is None:
            _require_own_subject(collector, outputs)
    except Unparsed as error:
        return ReadingStatus.ERROR, None, error.text
    except Exception as error:  # noqa: BLE001 - anything a parser raises means: not understood
        return ReadingStatus.ERROR, None, _broke(collector.topic, error)
    return (ReadingStatus.EMPTY if value is None else ReadingStatus.PARSED), value, Text("")


def cleaned(text: str, command: str) -> str:
    """`text` without carriage returns, the command's echo above it and the prompt below it."""
    text = text.replace("\r\n", "\n").replace("\r", "")
    first, _, rest = text.lstrip().partition("\n")
    echo = re.fullmatch(r"(?:([\w.@:/~()\-]{1,80}[>#$%]) ?)?(\S.*?)\s*", first)
    if not echo or not _same(echo[2], command):
        return text
    return re.sub(rf"\n{re.escape(echo[1])}\s*$", "\n", rest) if echo[1] else rest


def _same(echoed: str, command: str) -> bool:
    """Whether `echoed` is `command`, some of its words perhaps cut short."""
    words, whole = echoed.split(), command.split()
    return len(words) == len(whole) and all(
        long.startswith(short) for short, long in zip(words, whole, strict=True)
    )


def _require_success(output: Output, failures: Sequence[str]) -> None:
    """The answer is not one that says that the command failed."""
    _require_clean(output)
    head = "\n".join([line for line in output.text.split("\n") if line.strip()][:_BEGINNING])
    said = _FAILED.search(head) or first_match(sieves(tuple(failures)), head)
    if said:
        answer = " ".join(head[said.start() :].split())[:_SHOWN]
        raise Unparsed(N_("{command}: {answer}"), command=output.command, answer=answer)


def _require_clean(output: Output) -> None:
    if len(output.text) > LONGEST:
        raise Unparsed(N_("{command}: the answer is too long"), command=output.command)
    if not _plain(output.text) and (_NOISE.search(output.text) or _TORN in output.text):
        raise Unparsed(N_("{command}: noise stands in the answer"), command=output.command)
    if _PAGER.search(output.text):
        raise Unparsed(N_("{command}: a pager stands in the answer"), command=output.command)


def _plain(text: str) -> bool:
    """Whether it is printed ASCII and nothing else, as nearly all answers are."""
    return text.isascii() and not text.encode().translate(None, _PRINTED)


def _require_own_subject(collector: Collector, outputs: Sequence[Output]) -> None:
    """What is said not to run, or not to be there, is what was asked for.

    Devices say so in many words (`% BGP not active`, `Info: No valid trunk`), which parsers take
    in any form; only the subject tells whose answer it is.
    """
    asked = " ".join((collector.topic, *collector.commands, *_ALSO.get(collector.topic, ())))
    own = set(re.findall(r"[a-z0-9]+", asked.lower()))
    for output in outputs:
        said = {word.lower().replace("-", "") for word in _SUBJECTS.findall(output.text[:_SHORT])}
        if len(output.text) <= _SHORT and said and not said & own:
            raise Unparsed(N_("{command}: another command's answer"), command=output.command)


def _typed(collector: Collector, output: Output) -> Parsed:
    status, fact, message = fact_of(collector, (output,))
    return Parsed(status=status, topic=collector.topic, fact=fact, message=message)


def _joined(parts: Sequence[Parsed]) -> Parsed:
    """One answer that holds several topics (a configuration): the facts by topic."""
    if len(parts) == 1:
        return parts[0]
    failed = parts[0].status is not ReadingStatus.PARSED
    return Parsed(
        status=parts[0].status,
        topic=",".join(part.topic for part in parts),
        fact=None if failed else {part.topic: part.fact for part in parts},
        message=parts[0].message,
    )


def _recorded(found: Route, output: Output) -> Parsed:
    """Records by the templates of `found`, if they understood every line."""
    names = ", ".join(path.name for path in found.paths)
    told: dict[str, Any] = {"topic": found.topic, "template": names}
    try:
        if any(len(line) > _LONGEST_LINE for line in output.text.splitlines()):
            raise Unparsed(N_("{command}: a line is too long"), command=output.command)  # noqa: TRY301 - one place that tells of it
        _require_heading(found.knowledge, output)
        scans = [template(path).scan(output.text) for path in found.paths]
        keys = template(found.paths[0]).keys
    except Unparsed as error:
        return Parsed(status=ReadingStatus.ERROR, message=error.text, **told)
    except Exception as error:  # noqa: BLE001 - anything a parser raises means: not understood
        return Parsed(status=ReadingStatus.ERROR, message=_broke(found.topic, error), **told)
    records = _merged([scan.records for scan in scans], keys)
    status, message, share = _judged(found, output, scans, records)
    kept = records if status is ReadingStatus.PARSED else ()
    return Parsed(status=status, records=kept, message=message, unread=share, **told)


def _require_heading(knowledge: Knowledge, output: Output) -> None:
    """The answer has what only this command's answers have, before a template looks at it."""
    lines = output.text.splitlines()
    if not output.text.strip() or any(_any(knowledge.empty, line) for line in lines):
        return
    headed = all(any(_any((p,), line) for line in lines) for p in knowledge.heading)
    if not headed or any(_any(knowledge.foreign, line) for line in lines):
        raise Unparsed(N_("{command}: another command's answer"), command=output.command)


def _judged(
    found: Route, output: Output, scans: Sequence[Scan], records: tuple[Record, ...]
) -> tuple[ReadingStatus, Text, float | None]:
    """(status, why, share of lines not understood) of what the templates found."""
    lines = output.text.splitlines()
    if not output.text.strip():
        return ReadingStatus.EMPTY, Text(N_("the device said nothing")), None
    knowledge = found.knowledge
    taken_by_none = set.intersection(*(_untaken(scan) for scan in scans))
    share = round(len(taken_by_none) / max(1, scans[0].lines), 3)
    empty = [line for line in lines if _any(knowledge.empty, line)]
    if empty and not records:
        return ReadingStatus.EMPTY, Text("{line}", {"line": empty[0].strip()[:_SHOWN]}), share
    where = _unread(found, lines, scans)
    if where:
        line = lines[where[0]].strip()[:_SHOWN]
        return ReadingStatus.ERROR, _not_understood(output, len(where), line), share
    if share == 1 and not records:
        return ReadingStatus.ERROR, _not_understood(output, len(lines), lines[0][:_SHOWN]), share
    doubt = _doubt(knowledge, lines, records)
    if doubt:
        return ReadingStatus.ERROR, Text(doubt, {"command": output.command}), share
    return (ReadingStatus.PARSED if records else ReadingStatus.EMPTY), Text(""), share


def _untaken(scan: Scan) -> set[int]:
    return {*scan.refused, *scan.missed, *scan.blind, *scan.preamble, *scan.swallowed}


def _unread(found: Route, lines: Sequence[str], scans: Sequence[Scan]) -> list[int]:
    """Lines that nobody took and nobody may pass over."""
    refused = {number for scan in scans for number in scan.refused}
    if found.knowledge.rows and not refused:
        return []  # lenient by design: the records are counted instead
    knowledge = found.knowledge
    table = any(scan.records for scan in scans)
    open_ = set.intersection(*(_open(scan, knowledge, table=table) for scan in scans))
    passed = (*knowledge.heading, *knowledge.ignored, *_ANYWHERE)
    return sorted(number for number in refused | open_ if not _any(passed, lines[number]))


def _open(scan: Scan, knowledge: Knowledge, *, table: bool) -> set[int]:
    """Lines that were not understood; what stands above a table may be, once there is a table."""
    lines = {*scan.missed}
    if not table:
        lines |= {*scan.preamble}
    if not knowledge.heading:
        lines |= {*scan.blind}
    return lines


def _doubt(knowledge: Knowledge, lines: Sequence[str], records: Sequence[Record]) -> str:
    """Why the records can't be believed though the template was content; empty when they can."""
    if knowledge.rows:
        stated = sum(bool(re.match(knowledge.rows, line)) for line in lines)
        if not stated or stated != len(records):
            return N_("{command}: not every entry was understood")
    if any(not record.get(name) for name in knowledge.required for record in records):
        return N_("{command}: an entry is not complete")
    return ""


def _any(patterns: Iterable[str], line: str) -> bool:
    return any(re.fullmatch(pattern, line.strip()) for pattern in patterns)


def _merged(tables: Sequence[tuple[Record, ...]], keys: Sequence[str]) -> tuple[Record, ...]:
    """The first table, its rows completed by the rows of the others that have the same keys."""
    rows = []
    for row in tables[0]:
        whole = dict(row)
        for table in tables[1:]:
            same = (o for o in table if all(o.get(key) == row.get(key) for key in keys))
            whole = {**next(same, {}), **whole}
        rows.append(whole)
    return tuple(rows)


def _not_understood(output: Output, count: int, line: str) -> Text:
    return Text(
        N_("{command}: {count} lines were not understood, the first: {line}"),
        {"command": output.command, "count": count, "line": line},
    )


def _no_template(platform: str, command: str) -> Text:
    return Text(
        N_("nothing here understands {command} of {platform}"),
        {"command": command[:_SHOWN], "platform": platform},
    )


def _broke(topic: str, error: Exception) -> Text:
    return Text(
        N_("the parser of {topic} broke: {error}"),
        {"topic": topic, "error": f"{type(error).__name__}: {error}"[:200]},
    )
