"""The packet filter, from `nft -j list ruleset`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dcctl.facts.firewall import Firewall, OpenPort

_ENDS = ("drop", "reject")


def parse(data: Any) -> Firewall | None:
    """None where nft is not installed."""
    if data["ruleset"] is None:
        return None
    objects = data["ruleset"].get("nftables", [])
    chains = [item["chain"] for item in objects if "chain" in item]
    rules = [item["rule"] for item in objects if "rule" in item]
    inputs = [chain for chain in chains if chain.get("hook") == "input"]
    forwards = [chain for chain in chains if chain.get("hook") == "forward"]
    reached = [rule for chain in inputs for rule in _reached(chain, rules)]
    return Firewall(
        tables=tuple(
            f"{item['table']['family']} {item['table']['name']}"
            for item in objects
            if "table" in item
        ),
        input_policy=_strictest(inputs),
        forward_policy=_strictest(forwards),
        default_deny_input=any(_denies(chain, rules) for chain in inputs),
        default_deny_output=any(
            _denies(chain, rules) and not any(map(_accepts_all, _reached(chain, rules)))
            for chain in chains
            if chain.get("hook") == "output"
        ),
        accepts_all=tuple(_told(rule) for rule in reached if _accepts_all(rule)),
        open_ports=tuple(port for rule in reached for port in _ports(rule)),
        enabled_at_boot={"enabled": True, "disabled": False}.get(data["enabled"]),
    )


def _strictest(chains: list[Any]) -> str:
    policies = {str(chain.get("policy", "accept")) for chain in chains}
    return "drop" if "drop" in policies else next(iter(policies), "")


def _in(chain: Any, rules: list[Any]) -> list[Any]:
    where = (chain["family"], chain["table"], chain["name"])
    return [rule for rule in rules if (rule["family"], rule["table"], rule["chain"]) == where]


def _reached(chain: Any, rules: list[Any], depth: int = 0) -> Iterator[Any]:
    """The chain's rules and those of the chains that it jumps to."""
    for rule in _in(chain, rules):
        yield rule
        for statement in rule.get("expr", ()):
            jump = statement.get("jump") or statement.get("goto")
            if jump and depth < 8:  # noqa: PLR2004 - nftables itself allows 16
                yield from _reached({**chain, "name": jump["target"]}, rules, depth + 1)


def _verdict(rule: Any) -> str:
    for statement in rule.get("expr", ()):
        for name in ("accept", *_ENDS):
            if name in statement:
                return name
    return ""


def _matches(rule: Any) -> list[Any]:
    return [statement["match"] for statement in rule.get("expr", ()) if "match" in statement]


def _denies(chain: Any, rules: list[Any]) -> bool:
    if chain.get("policy") == "drop":
        return True
    own = _in(chain, rules)
    return bool(own) and _verdict(own[-1]) in _ENDS and not _matches(own[-1])


def _accepts_all(rule: Any) -> bool:
    looks = any(set(statement) & {"match", "vmap", "limit"} for statement in rule.get("expr", ()))
    return _verdict(rule) == "accept" and not looks


def _told(rule: Any) -> str:
    return f"{rule['family']} {rule['table']} {rule['chain']} handle {rule.get('handle', '?')}"


def _ports(rule: Any) -> Iterator[OpenPort]:
    if _verdict(rule) != "accept":
        return
    sources: list[str] = []
    found: list[tuple[str, Any]] = []
    for match in _matches(rule):
        field = match["left"].get("payload", {}) if isinstance(match["left"], dict) else {}
        if field.get("field") == "saddr":
            sources += [_source(value) for value in _values(match["right"])]
        elif field.get("field") == "dport" and match.get("op", "==") == "==":
            found += [(field["protocol"], value) for value in _values(match["right"])]
    for protocol, value in found:
        yield from _port(protocol, value, tuple(sources))


def _port(protocol: str, value: Any, sources: tuple[str, ...]) -> Iterator[OpenPort]:
    for name in ("tcp", "udp") if protocol == "th" else (protocol,):
        if isinstance(value, dict) and "range" in value:
            first, last = value["range"]
            yield OpenPort(protocol=name, port=int(first), to_port=int(last), sources=sources)
        elif not isinstance(value, dict):
            yield OpenPort(protocol=name, port=int(value), sources=sources)


def _values(right: Any) -> list[Any]:
    if isinstance(right, dict) and "set" in right:
        inner = right["set"]
        return list(inner) if isinstance(inner, list) else [inner]
    return [right]


def _source(value: Any) -> str:
    if isinstance(value, dict) and "prefix" in value:
        return f"{value['prefix']['addr']}/{value['prefix']['len']}"
    if isinstance(value, dict) and "range" in value:
        return "-".join(str(part) for part in value["range"])
    return str(value)


PARSE = parse
