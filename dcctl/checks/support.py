"""Whether the maker of an operating system still mends it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import cannot_tell, failed, needs, on_linux, passed
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_

# The last day of support (Debian: LTS), from memory: a site that acts on one looks it up first.
_ENDS = {
    "debian 11": "2026-08-31",
    "debian 12": "2028-06-30",
    "debian 13": "2030-06-30",
    "rhel 8": "2029-05-31",
    "rhel 9": "2032-05-31",
    "rhel 10": "2035-05-31",
    "rocky 8": "2029-05-31",
    "rocky 9": "2032-05-31",
    "almalinux 8": "2029-05-31",
    "almalinux 9": "2032-05-31",
}


def _supported(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    version = facts["version"]
    major = re.match(r"\d+", version.release)
    name = f"{version.os} {major.group() if major else version.release}"
    ends = parameters["ends"].get(name)
    if ends is None:
        return cannot_tell(N_("nobody wrote down how long {name} is supported"), name=name)
    if not parameters["on"]:
        return cannot_tell(N_("nobody said which day counts"))
    judge = passed if parameters["on"] <= ends else failed  # ISO dates: in their order
    return judge(
        N_("{name} is supported until {ends}"),
        observed=version.release,
        expected=f"<= {ends}",
        name=name,
        ends=ends,
    )


CHECKS = (
    Check(
        id="version.supported",
        title=N_("Its operating system is still supported"),
        pack="audit",
        severity=Severity.HIGH,
        topics=("version",),
        judge=needs("version", _supported),
        applies=on_linux,
        parameters={"ends": _ENDS, "on": ""},  # `on` is filled in by who asks
        rationale=N_("A weakness found after the end of support stays open for good."),
        remediation=N_("Plan the move to a supported release."),
    ),
)
