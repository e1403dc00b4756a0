"""What IOS and its likes say in one way of who logs in, and of SNMP version 3."""

from __future__ import annotations

import itertools
import re

_PROTOCOLS = {"tacacs+": "tacacs", "tacacs": "tacacs", "radius": "radius", "ldap": "ldap"}


def methods(text: str, name: str = "default") -> list[str] | None:
    """The methods of `aaa authentication login NAME`, in their order; None where there is none."""
    found = re.search(rf"^aaa authentication login {re.escape(name)} (.+)$", text, re.MULTILINE)
    return found.group(1).split() if found else None


def central(text: str, asked: list[str]) -> tuple[str, ...]:
    """The protocols behind `group NAME` in a list of methods."""
    named = {
        name: kind
        for kind, name in re.findall(r"^aaa group server (\S+) (\S+)", text, re.MULTILINE)
    }
    groups = [after for word, after in itertools.pairwise(asked) if word == "group"]
    kinds = (_PROTOCOLS.get(named.get(group, group), "") for group in groups)
    return tuple(dict.fromkeys(kind for kind in kinds if kind))


def weak_groups(text: str) -> tuple[str, ...]:
    """SNMP groups that let somebody in without encryption."""
    groups = re.findall(r"^snmp-server group (\S+) (v1|v2c|v3)(?: (\w+))?", text, re.MULTILINE)
    return tuple(
        dict.fromkeys(name for name, version, level in groups if (version, level) != ("v3", "priv"))
    )


def time_keys(text: str, server: str = r"^ntp (?:server|peer) (\S.*)$") -> bool:
    """Whether NTP is authenticated, and every server by a key that is trusted."""
    lines = re.findall(server, text, re.MULTILINE)
    keys = [re.search(r"\bkey (?:\d )?(\d+)", line) for line in lines]
    trusted = {
        key
        for some in re.findall(r"^ *(?:ntp )?trusted-key (.+)$", text, re.MULTILINE)
        for key in _numbers(some)
    }
    asked = re.search(r"^ *(?:ntp )?authenticate\b", text, re.MULTILINE)
    return bool(asked and keys) and all(key and key.group(1) in trusted for key in keys)


def _numbers(text: str) -> set[str]:
    """`1 3-5` and `1,3` as the numbers that they mean."""
    found: set[str] = set()
    for first, last in re.findall(r"(\d+)(?:\s*-\s*(\d+))?", text):
        found |= {str(one) for one in range(int(first), int(last or first) + 1)}
    return found


def below(text: str, head: str) -> list[str]:
    """What stands below each top line that fits `head`."""
    return re.findall(rf"^{head}[^\n]*\n((?:[ ]+.*\n?)*)", text, re.MULTILINE)


def destinations(text: str, head: str, expression: str) -> int:
    """How many different destinations stand below the top lines that fit `head`."""
    found = [
        item for part in below(text, head) for item in re.findall(expression, part, re.MULTILINE)
    ]
    return len(set(found))
