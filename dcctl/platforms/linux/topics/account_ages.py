"""Logins and passwords by age, from shadow and lastlog."""

from __future__ import annotations

from typing import Any

from dcctl.facts.account_ages import AccountAge, AccountAges

_DAY = 86400
_FOR_EVER = 10000  # days; what passwd calls never is 99999


def parse(data: Any) -> AccountAges | None:
    """Without the right to read /etc/shadow nothing can be said: that is an error."""
    if not data["shadow_read"]:
        message = "/etc/shadow could not be read"
        raise ValueError(message)
    items = tuple(_account(item, data["now"]) for item in data["accounts"])
    return AccountAges(items=items) if items else None


def _account(item: Any, now: float) -> AccountAge:
    today = int(now // _DAY)
    last = item["last_login"]
    if last or item.get("over_ssh"):
        last = max(last or 0, item.get("over_ssh") or 0)
        idle: int | None = max(0, int(now - last) // _DAY)
    elif last is None or not item["changed"]:
        idle = None  # no record of logins here, or of a beginning
    else:
        idle = max(0, today - int(item["changed"]))
    maximum = int(item["maximum"] or _FOR_EVER)
    return AccountAge(
        name=item["name"],
        uid=item["uid"],
        idle_days=idle,
        maximum_days=maximum if maximum < _FOR_EVER else None,
        entry=bool(item["entry"]),
        expired=bool(item["expires"]) and int(item["expires"]) <= today,
    )


PARSE = parse
