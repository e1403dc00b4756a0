"""Whether the maker of an operating system still mends it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dcctl.checks._judging import cannot_tell, failed, needs, on_system, passed
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


@dataclass(frozen=True, slots=True)
class _Support:
    """Until when a release gets security fixes from its maker.

    `certainty` is that of the standards: read (the maker's own page), secondary (a source that
    cites it), to be verified (nobody looked yet).
    """

    name: str
    ends: str  # the last day
    certainty: str
    source: str


_COLLECTED = "https://endoflife.date/"  # names the maker's page of each release
_XE = f"{_COLLECTED}cisco-ios-xe: 48 months of an extended release, 12 of any other"
_EOS = f"{_COLLECTED}arista-eos: 36 months (Arista, EOS Life Cycle Policy)"
_TABLE = (
    # Debian: LTS
    _Support("debian 11", "2026-08-31", "secondary", f"{_COLLECTED}debian"),
    _Support("debian 12", "2028-06-30", "secondary", f"{_COLLECTED}debian"),
    _Support("debian 13", "2030-06-30", "secondary", "https://www.debian.club/en/eol"),
    # Red Hat and its likes: maintenance support
    _Support("rhel 8", "2029-05-31", "secondary", f"{_COLLECTED}rhel"),
    _Support("rhel 9", "2032-05-31", "secondary", f"{_COLLECTED}rhel"),
    _Support("rhel 10", "2035-05-31", "to be verified", ""),
    _Support("rocky 8", "2029-05-31", "secondary", f"{_COLLECTED}rocky-linux"),
    _Support("rocky 9", "2032-05-31", "secondary", f"{_COLLECTED}rocky-linux"),
    _Support("almalinux 8", "2029-03-01", "secondary", f"{_COLLECTED}almalinux"),
    _Support("almalinux 9", "2032-05-31", "secondary", f"{_COLLECTED}almalinux"),
    _Support("almalinux 10", "2035-05-31", "secondary", f"{_COLLECTED}almalinux"),
    _Support("ios-xe 16.12", "2023-07-31", "secondary", _XE),
    _Support("ios-xe 17.3", "2024-07-31", "secondary", _XE),
    _Support("ios-xe 17.6", "2024-07-30", "secondary", _XE),
    _Support("ios-xe 17.9", "2026-07-29", "secondary", _XE),
    _Support("ios-xe 17.12", "2027-07-28", "secondary", _XE),
    _Support("ios-xe 17.15", "2028-08-09", "secondary", _XE),
    _Support("ios-xe 17.18", "2029-08-08", "secondary", _XE),
    _Support("eos 4.26", "2024-04-15", "secondary", _EOS),
    _Support("eos 4.27", "2024-09-27", "secondary", _EOS),
    _Support("eos 4.28", "2025-04-18", "secondary", _EOS),
    _Support("eos 4.29", "2025-10-31", "secondary", _EOS),
    _Support("eos 4.30", "2026-04-14", "secondary", _EOS),
    _Support("eos 4.31", "2026-10-13", "secondary", _EOS),
    _Support("eos 4.32", "2027-04-09", "secondary", _EOS),
    _Support("eos 4.33", "2027-10-10", "secondary", _EOS),
    _Support("eos 4.34", "2028-04-25", "secondary", _EOS),
    _Support("eos 4.35", "2028-10-06", "secondary", _EOS),
    _Support("eos 4.36", "2029-04-08", "secondary", _EOS),
)
_BY_NAME = {one.name: one for one in _TABLE}


def _supported(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    version, ends = facts["version"], parameters["ends"]
    names = list(_names(version.os, version.release))
    name = next((one for one in names if one in ends), "")
    if not name:
        return cannot_tell(N_("nobody wrote down how long {name} is supported"), name=names[0])
    if not parameters["on"]:
        return cannot_tell(N_("nobody said which day counts"))
    known = _BY_NAME.get(name)
    ours = known is not None and known.ends == ends[name]
    judge = passed if parameters["on"] <= ends[name] else failed  # ISO dates: in their order
    return judge(
        N_("{name} is supported until {ends}"),
        observed={
            "release": version.release,
            "certainty": known.certainty if known and ours else "as the site says",
            "source": known.source if known and ours else "",
        },
        expected=f"<= {ends[name]}",
        name=name,
        ends=ends[name],
    )


def _names(system: str, release: str) -> Iterator[str]:
    """What a release may be written down as: its train (`17.9` of 17.09.04a), its first number."""
    numbers = [str(int(one)) for one in re.findall(r"\d+", release)[:2]]
    if re.match(r"\d+\.\d", release):
        yield f"{system} {'.'.join(numbers)}"
    whole = re.match(r"\d", release) and numbers
    yield f"{system} {numbers[0] if whole else release}"


CHECKS = (
    Check(
        id="version.supported",
        title=N_("Its operating system is still supported"),
        pack="audit",
        severity=Severity.HIGH,
        topics=("version",),
        judge=needs("version", _supported),
        applies=on_system,
        # `on` is filled in by who asks
        parameters={"ends": {one.name: one.ends for one in _TABLE}, "on": ""},
        rationale=N_("A weakness found after the end of support stays open for good."),
        remediation=N_("Plan the move to a supported release."),
    ),
)
