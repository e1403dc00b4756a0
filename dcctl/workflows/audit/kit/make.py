"""Make a kit: everything that reads one site's targets, on a machine that has Python alone."""

from __future__ import annotations

import secrets as tokens
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from dcctl import __version__, clock
from dcctl.executors import hostkeys
from dcctl.model import plain
from dcctl.model.plan import Plan, Step
from dcctl.model.record import Run
from dcctl.model.status import RunStatus
from dcctl.model.target import Connection, Controller, Target
from dcctl.secrets import SecretRef
from dcctl.text import N_, Text
from dcctl.workflows.audit.collect import VERB, plan_of
from dcctl.workflows.audit.kit import boot, tool
from dcctl.workflows.audit.kit.order import AUTHORITIES, KNOWN_HOSTS, LIB, ORDER, Order
from dcctl.workflows.evidence.bundle import Bundle, writing
from dcctl.workflows.execute import select
from dcctl.workflows.services import Services

_Way = TypeVar("_Way", Connection, Controller)
_CARRIED = ("concurrency", "site_caps", "bastions", "timeouts", "console")
_SECRETS = ("password", "key_passphrase", "enable")
README = """\
Audit kit / Bộ kiểm tra

  {python}: python3 THIS-FILE -O result.zip
      reads {targets} targets and changes nothing; no network but theirs is needed
      chỉ đọc {targets} thiết bị, không đổi gì; không cần mạng nào khác
  Run it again to read what did not answer. Bring result.zip back:
  Chạy lại để đọc những gì chưa trả lời. Mang result.zip về:
      dcctl audit merge result.zip

No secret is in it. Have ready / Không có bí mật nào bên trong. Hãy chuẩn bị:
{needs}
run {run}  plan {plan}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KitRequest:
    """Which targets, and how they are reached there."""

    limit: str | None = None
    direct: bool = False  # straight, without jump hosts
    tool: bool = True  # with dcctl itself, for a machine that has it not


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A kit that was written."""

    path: Path
    run: str
    seal: str
    targets: int
    python: str
    needs: tuple[Text, ...]  # what has to be at hand there
    unpinned: tuple[str, ...]  # targets whose host key is not known: they will not be read


def make(request: KitRequest, path: Path, services: Services) -> Made:
    """Write a kit, and open the run that its result belongs to.

    Raises:
        NotFound: nothing is selected. InvalidInput: it can't be written. MissingDependency.
    """
    plan = plan_of(select(services, request.limit), services)
    now = clock.now()
    options = _options(plan)
    targets = tuple(_carried(target, direct=request.direct) for target in plan.targets.values())
    order = Order(
        run=f"{now:%Y%m%d-%H%M%S}-{tokens.token_hex(3)}",
        plan=plan.hash,
        estate=plan.estate,
        journal=services.journal.id,
        made_at=now.isoformat(),
        operator=services.operator,
        lab=plan.lab,
        dcctl=__version__,
        python=tool.interpreter() if request.tool else "",
        targets=tuple(_without_files(target) for target in targets),
        steps=tuple(_step(step) for step in plan.steps),
        options=options,
    )
    needs = tuple(_needs(options["credentials"]))
    pinned, unpinned = _known_hosts(targets)
    with writing(path) as bundle:
        if request.tool:
            source = Path(boot.__file__).read_text(encoding="utf-8")
            bundle.add("__main__.py", source)
            for name, content in tool.files():
                bundle.add(f"{LIB}{name}", content)
        bundle.add_json(ORDER, plain.to_plain(order))
        bundle.add(KNOWN_HOSTS, pinned)
        bundle.add(AUTHORITIES, _authorities(plan.targets.values()))
        bundle.add("README", _readme(order, needs))
        _end(bundle, plan, order, request, services)
    return Made(
        path=path,
        run=order.run,
        seal=bundle.seal,
        targets=len(targets),
        python=order.python,
        needs=needs,
        unpinned=unpinned,
    )


def _end(bundle: Bundle, plan: Plan, order: Order, request: KitRequest, services: Services) -> None:
    """The run is in the journal before the kit is there: a kit nobody asked for takes none in."""
    bundle.end()
    asked = {"verb": VERB, "limit": request.limit, "direct": request.direct, "kit": bundle.seal}
    run = Run(
        id=order.run,
        verb=plan.verb,
        status=RunStatus.AWAY,
        plan_hash=plan.hash,
        estate=plan.estate,
        lab=plan.lab,
        operator=services.operator,
        started_at=order.made_at,
        versions=dict(plan.versions),
        request=asked,
    )
    services.journal.send_away(plan, run)


def _readme(order: Order, needs: tuple[Text, ...]) -> str:
    lines = [f"  - {text.in_language(one)}" for text in needs for one in ("en", "vi")]
    return README.format(
        python=order.python or f"dcctl {order.dcctl}",
        targets=len(order.targets),
        needs="\n".join(lines),
        run=order.run,
        plan=order.plan,
    )


# --- what travels ---


def _carried(target: Target, *, direct: bool) -> Target:
    """What dials a target and nothing else: no variable, no intent, no neighbour."""
    return Target(
        name=target.name,
        platform=target.platform,
        kind=target.kind,
        site=target.site,
        connection=_straight(target.connection, direct=direct),
        console=_straight(target.console, direct=direct) if target.console else None,
        bmc=_straight(target.bmc, direct=direct) if target.bmc else None,
    )


def _straight(way: _Way, *, direct: bool) -> _Way:
    return replace(way, jump=()) if direct else way


def _without_files(target: Target) -> Target:
    """No path of this machine goes along: there it is the kit's own file."""
    return there(target, "")


def there(target: Target, known_hosts: str, authorities: str = "") -> Target:
    """`target` with other files of host keys and authorities, on each of its ways."""

    def other(one: Connection) -> Connection:
        return replace(one, known_hosts=known_hosts, jump=tuple(map(other, one.jump)))

    return replace(
        target,
        connection=other(target.connection),
        console=other(target.console) if target.console else None,
        bmc=replace(target.bmc, authorities=authorities, jump=tuple(map(other, target.bmc.jump)))
        if target.bmc
        else None,
    )


def _step(step: Step) -> Step:
    """What is read there; what it is judged by stays here."""
    return replace(step, settings={"topics": step.settings["topics"]})


def _options(plan: Plan) -> dict[str, Any]:
    """Of the plan's options those that reading needs, with the credentials that it uses."""
    found = {name: plan.options[name] for name in _CARRIED if name in plan.options}
    known: Mapping[str, Any] = plan.options.get("credentials") or {}
    used = {one.credential for target in plan.targets.values() for one in _ways(target)}
    used |= {target.bmc.credential for target in plan.targets.values() if target.bmc}
    used |= {str(known[name].get("shell", "")) for name in used if name in known}
    found["credentials"] = {
        name: _asked(name, plain.to_plain(known[name])) for name in sorted(used) if name in known
    }
    return found


def _asked(name: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """A credential whose secrets lie where they can be found there; a vault can't be opened."""
    found = dict(entry)
    for field in _SECRETS:
        if str(found.get(field) or "").startswith("vault:"):
            found[field] = f"prompt:{name} {field}"
    become = dict(found.get("become") or {})
    if str(become.get("password") or "").startswith("vault:"):
        found["become"] = become | {"password": f"prompt:{name} become"}
    return found


def _needs(credentials: Mapping[str, Mapping[str, Any]]) -> Iterator[Text]:
    """What has to be at hand there, in words; each once."""
    told: dict[tuple[str, str], None] = {}
    for name, entry in credentials.items():
        become = entry.get("become") or {}
        for given in (*(entry.get(field) for field in _SECRETS), become.get("password")):
            if given:
                reference = SecretRef.parse(str(given))
                told[_NEEDED[reference.source], reference.name] = None
        if entry.get("key"):
            told[_NEEDED["file"], str(entry["key"])] = None
        if entry.get("agent"):
            told[_NEEDED["agent"], name] = None
    return (Text(words, {"name": name}) for words, name in told)


_NEEDED = {
    "env": N_("the environment variable {name}"),
    "file": N_("the file {name} (from the folder of the kit's work, or its whole path)"),
    "prompt": N_("{name}: it is asked for"),
    "agent": N_("an SSH agent with the key of {name}"),
}


# --- host keys ---


def _ways(target: Target) -> Iterator[Connection]:
    """Every connection that may be dialled for a target."""
    waiting = [target.connection, *([target.console] if target.console else [])]
    waiting += target.bmc.jump if target.bmc else ()
    while waiting:
        one = waiting.pop()
        yield one
        waiting += one.jump


def _known_hosts(targets: tuple[Target, ...]) -> tuple[str, tuple[str, ...]]:
    """The pinned keys of all that is dialled, and the targets that have none."""
    lines: dict[str, None] = {}
    unpinned = []
    for target in targets:
        for one in _ways(target):
            name = hostkeys.alias(one)
            keys = hostkeys.known(one.known_hosts, name)
            lines |= {f"{name} {kind} {key}": None for kind, key in sorted(keys.items())}
            if one is target.connection and not keys and target.managed:
                unpinned.append(target.name)
    return "".join(f"{line}\n" for line in lines), tuple(unpinned)


def _authorities(targets: Iterable[Target]) -> str:
    """The certificates of who vouches for management controllers, if any is asked."""
    files = sorted({target.bmc.authorities for target in targets if target.bmc})
    return "".join(Path(file).read_text(encoding="utf-8") for file in files if Path(file).is_file())
