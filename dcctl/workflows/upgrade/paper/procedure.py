"""From a campaign's plan to its method of procedure; pure: the same plan, the same paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl import platforms
from dcctl.model import plain
from dcctl.model.calendar import Calendar, Scope
from dcctl.model.plan import StepKind
from dcctl.model.procedure import (
    Kept,
    Opens,
    Procedure,
    Sheet,
    Shut,
    Signature,
    Stretch,
    Trap,
)
from dcctl.model.upgrade import UpgradeNet
from dcctl.planning.upgrades import CALENDAR, unseen_links
from dcctl.text import N_, Text
from dcctl.workflows.upgrade.paper.night import Night

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dcctl.model.approval import SignedApproval
    from dcctl.model.plan import Plan, Step
    from dcctl.model.procedure import Words
    from dcctl.model.target import Connection
    from dcctl.model.upgrade import ImageSignature

_READ = "read"
_NETS = {
    UpgradeNet.TIMER: N_("the device takes the old release back when its timer runs out"),
    UpgradeNet.UNCOMMITTED: N_("a reload takes the old release back, as long as it is uncommitted"),
    UpgradeNet.LOGIN: N_(
        "the device takes the old release back when its timer runs out; any login cancels the timer"
    ),
    UpgradeNet.NONE: N_("nothing: only putting the old release back by hand"),
}


def procedure_of(
    plan: Plan,
    *,
    requester: str = "",
    needed: Mapping[Any, int] | None = None,
    given: Sequence[SignedApproval] = (),
) -> Procedure:
    """The paper of a plan, with the approvals that count now."""
    steps = {step.target: step for step in plan.steps if step.kind is StepKind.UPGRADE}
    cutting = plan.options.get("upgrade", {}).get("cutting", {})
    sheets = {name: _sheet(step, plan, cutting.get(name, ())) for name, step in steps.items()}
    told = plan.options.get(CALENDAR)
    calendar = plain.from_plain(Calendar, told) if told else Calendar()
    return Procedure(
        plan=plan.hash,
        estate=plan.estate,
        lab=plan.lab,
        requester=requester,
        made_at=plan.created_at,
        versions=dict(sorted(plan.versions.items())),
        needed={str(role): number for role, number in (needed or {}).items()},
        given=tuple(
            Signature(approver=one.approver, role=one.role, at=one.at, key=one.key) for one in given
        ),
        windows=tuple(_windows(calendar, plan)),
        freezes=tuple(
            Shut(
                first=one.first.isoformat(),
                last=one.last.isoformat(),
                reason=one.reason,
                scope=_named(_held(one.scope, plan)) if one.scope != Scope() else "",
            )
            for one in calendar.freezes
            if _held(one.scope, plan)
        ),
        bounded=told is not None,
        max_failures=str(plan.options.get("max_failures", 0)),
        waves=tuple(_waves(plan, sheets)),
        lower_bound=int(plan.certificate.get("lower_bound", 0)),
        certificate=plain.digest(plan.certificate),
        traps=tuple(_traps(steps.values(), plan)),
        problems=dict(plan.problems),
    )


def _waves(plan: Plan, sheets: Mapping[str, Sheet]) -> Iterable[Stretch]:
    for wave in plan.waves:
        if wave.title == _READ:
            continue
        members = tuple(sheets[name] for name in wave.targets)
        yield Stretch(
            number=wave.index + 1,
            kind=wave.title,
            sheets=members,
            minutes=max((sheet.expected_minutes for sheet in members), default=0),
        )


def _sheet(step: Step, plan: Plan, cuts: Iterable[str]) -> Sheet:
    target = plan.targets[step.target]
    work = Night(step, target)
    image = work.order.image
    return Sheet(
        name=target.name,
        platform=work.platform.title,
        site=target.site,
        rack=target.rack,
        login=_place(target.connection),
        console=_place(target.console) if target.console else "",
        before=work.order.running,
        release=image.version,
        image=image.name,
        files=tuple((f.name, f.size, tuple(sorted(f.digests().items()))) for f in image.files),
        signature=_signature(image.signature),
        net=Text(_NETS[work.upgrade.net]),
        bare=work.upgrade.net is UpgradeNet.NONE,
        cuts=tuple(cuts),
        keeps=tuple(
            Kept(site=one.site, path=one.path, links=tuple(str(link["id"]) for link in one.links))
            for one in work.order.keeps
        ),
        unseen=unseen_links(step),
        expected_minutes=-(-work.order.expected_s // 60),
        longest_minutes=-(-int(step.settings.get("timeout_s", 0)) // 60),
        parts=work.parts(),
        back=work.back(),
    )


def _place(connection: Connection) -> str:
    port = f" port {connection.port}" if connection.port not in (None, 22) else ""
    return f"{connection.address}{port}"


def _signature(signature: ImageSignature | None) -> Text | None:
    if signature is None:
        return None
    words = N_("{by} checked the vendor's signature on {date} with {tool}: {says}")
    return Text(
        words,
        {
            "by": signature.by,
            "date": signature.date,
            "tool": signature.tool,
            "says": signature.says or "-",
        },
    )


def _traps(steps: Iterable[Step], plan: Plan) -> Iterable[Trap]:
    """Each trap once, with the elements that it waits for."""
    found: dict[str, tuple[Words, str, list[str]]] = {}
    for step in steps:
        platform = platforms.get(plan.targets[step.target].platform)
        own = platform.upgrade.traps if platform.upgrade is not None else ()
        image = step.settings["order"]["image"]
        told: list[tuple[Words, str]] = [(Text(trap), platform.title) for trap in own]
        told += [(dict(trap), str(image["name"])) for trap in image["traps"]]
        for words, where in told:
            key = f"{where}\0{words}"
            found.setdefault(key, (words, where, []))[2].append(step.target)
    for words, where, names in found.values():
        yield Trap(words=words, where=where, elements=tuple(names))


def _windows(calendar: Calendar, plan: Plan) -> Iterable[Opens]:
    """The windows that any element of the plan has; the others are nobody's business here."""
    for one in calendar.windows:
        names = _held(one.scope, plan)
        if not names:
            continue
        hours = f"{_clock(one.opens)}-{_clock(one.closes)}"
        yield Opens(name=one.name, zone=one.zone, days=one.days, hours=hours, scope=_named(names))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


_NAMED = 24  # elements that are written out


def _named(names: Sequence[str]) -> str:
    more = f" +{len(names) - _NAMED}" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _held(scope: Scope, plan: Plan) -> list[str]:
    """The elements that are upgraded for which it holds."""
    own = [step.target for step in plan.steps if step.kind is StepKind.UPGRADE]
    return [name for name in own if scope.holds(name, plan.targets[name].site)]
