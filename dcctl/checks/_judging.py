"""How a check says what it found: short words for judgements, and questions that many ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from dcctl.contracts import Judgement
from dcctl.model.status import FindingStatus, NotEvaluated
from dcctl.model.target import Target
from dcctl.text import N_, Text, fill

LINUX = "linux"
_SHOWN = 6  # so many names stand in a message; all of them in `observed`


def passed(msgid: str, *, observed: Any = None, expected: Any = None, **params: Any) -> Judgement:
    """As it should be."""
    return Judgement(
        status=FindingStatus.PASS,
        message=Text(msgid, params),
        observed=observed,
        expected=expected,
    )


def failed(msgid: str, *, observed: Any = None, expected: Any = None, **params: Any) -> Judgement:
    """Not as it should be."""
    return Judgement(
        status=FindingStatus.FAIL,
        message=Text(msgid, params),
        observed=observed,
        expected=expected,
    )


def partial(msgid: str, *, observed: Any = None, expected: Any = None, **params: Any) -> Judgement:
    """Some of it is as it should be, or it is about to fail."""
    return Judgement(
        status=FindingStatus.PARTIAL,
        message=Text(msgid, params),
        observed=observed,
        expected=expected,
    )


def not_applicable(msgid: str, **params: Any) -> Judgement:
    """The question makes no sense here, and why."""
    return Judgement(
        status=FindingStatus.NOT_APPLICABLE,
        message=Text(msgid, params),
        reason=fill(msgid, params),
    )


def cannot_tell(msgid: str, **params: Any) -> Judgement:
    """The fact was read, but what this check needs is not in it."""
    return Judgement(
        status=FindingStatus.NOT_EVALUATED,
        message=Text(msgid, params),
        reason=NotEvaluated.NO_COLLECTOR,
    )


def verdict(
    wrong: Sequence[str], *, good: str, bad: str, observed: Any = None, expected: Any = None
) -> Judgement:
    """Passed when nothing is wrong; else failed with `{items}` in the message `bad`."""
    if not wrong:
        return passed(good, observed=observed, expected=expected)
    shown = observed if observed is not None else list(wrong)
    return failed(bad, items=listed(wrong), observed=shown, expected=expected)


Judge = Callable[[Target, Mapping[str, Any], Mapping[str, Any]], Judgement]


def needs(topic: str, judge: Judge) -> Judge:
    """A judge of what every such target has: where nothing came, nothing can be said of it."""

    def told(target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
        if facts[topic] is None:
            return cannot_tell(N_("nothing was answered about {topic}"), topic=topic)
        return judge(target, facts, parameters)

    return told


def listed(names: Iterable[str]) -> str:
    """Some names in one line; how many more there are in brackets."""
    names = list(names)
    rest = f" (+{len(names) - _SHOWN})" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + rest


def few_errors(counted: Mapping[str, int], limit: int) -> Judgement:
    """Interfaces by the errors that they count."""
    return verdict(
        [f"{name} ({count})" for name, count in counted.items() if count > limit],
        good=N_("no interface counts more errors than allowed"),
        bad=N_("interfaces that count errors: {items}"),
        observed={name: count for name, count in counted.items() if count},
        expected=f"<= {limit}",
    )


def on_linux(target: Target) -> str:
    """Why a check of servers does not apply, or nothing."""
    return "" if target.platform == LINUX else N_("only a server has this")


HOSTED = ("frr",)  # routing processes on an ordinary host: a session sees nothing else of it


def on_network(target: Target) -> str:
    """Why a check of network elements does not apply, or nothing."""
    return N_("only a network element has this") if target.platform == LINUX else ""


def on_system(target: Target) -> str:
    """Why a check of a whole system does not apply to what is only a part of one, or nothing.

    Where the estate gives roles to the host beneath, that host is ours to look at too.
    """
    return _hosted(target) if not target.roles else ""


def on_appliance(target: Target) -> str:
    """Why a check of a device's own management plane does not apply, or nothing."""
    return _hosted(target) or on_network(target)


def _hosted(target: Target) -> str:
    hosted = target.platform in HOSTED
    return N_("this belongs to the host beneath its command line") if hosted else ""


def setting(target: Target, path: str, default: Any = None) -> Any:
    """The estate's word for `a.b.c` in the target's intent; `default` where it says nothing."""
    value: Any = target.intent
    for key in path.split("."):
        if not isinstance(value, Mapping) or value.get(key) is None:
            return default
        value = value[key]
    return value


def variable(target: Target, name: str, default: Any = None) -> Any:
    """A role's variable as the estate sets it; `default` where only Ansible can work it out."""
    value = target.variables.get(name)
    return default if value is None or "{{" in str(value) else value


def peers(target: Target, name: str) -> tuple[str, ...]:
    """The addresses of those that serve the target as `name` (`time_servers`, `log_collectors`)."""
    given: Any = target.peers.get(name) or ()
    return addresses(given.values() if isinstance(given, Mapping) else given)


def has_role(target: Target, role: str) -> bool:
    """Whether the estate gives `role` to the target."""
    return role in target.roles


def addresses(items: Iterable[Any]) -> tuple[str, ...]:
    """The addresses in a list of addresses or of mappings that have one."""
    found = (item.get("address", "") if isinstance(item, Mapping) else str(item) for item in items)
    return tuple(address for address in found if address)
