"""Mandatory access control, from the kernel's own files."""

from __future__ import annotations

from typing import Any

from dcctl.facts.mandatory_access import MandatoryAccess


def parse(data: Any) -> MandatoryAccess:
    """A server without any has none."""
    if data["selinux"]:
        return MandatoryAccess(system="selinux", enforcing=data["selinux"] == "1")
    if data["apparmor"] != "Y":
        return MandatoryAccess()
    modes = list(data["profiles"])
    return MandatoryAccess(
        system="apparmor",
        enforcing=modes.count("enforce") > 0 if modes else None,
        profiles_enforcing=modes.count("enforce"),
        profiles_complaining=modes.count("complain"),
    )


PARSE = parse
