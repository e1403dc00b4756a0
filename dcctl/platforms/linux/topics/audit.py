"""The kernel's audit, from auditctl and auditd.conf."""

from __future__ import annotations

import re
from typing import Any

from dcctl.facts.audit import Audit


def parse(data: Any) -> Audit:
    """A server without auditd has one that does not run."""
    status, rules = data["status"], data["rules"]
    mode = re.search(r"(?m)^enabled (\d)", status["out"]) if status else None
    listed = None
    if rules is not None and rules["code"] == 0:
        lines = (" ".join(line.split()) for line in rules["out"].splitlines())
        listed = tuple(line for line in lines if line and line != "No rules")
    actions = data["actions"]
    return Audit(
        own=bool(data["own"]),
        running=data["active"].strip() == "active",
        enabled_at_boot={"enabled": True, "disabled": False}.get(data["enabled"].strip()),
        mode=int(mode.group(1)) if mode else None,
        rules=listed,
        space_left_action=str(actions.get("space_left_action", "")).lower(),
        admin_space_left_action=str(actions.get("admin_space_left_action", "")).lower(),
    )


PARSE = parse
