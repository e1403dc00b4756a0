"""A campaign's plan as a person reads it before saying yes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from dcctl.cli import terminal
from dcctl.cli.words import _, spoken, typed, wave_word
from dcctl.model.plan import StepKind
from dcctl.text import user_language

if TYPE_CHECKING:
    from dcctl.model.calendar import Opening
    from dcctl.model.plan import Plan, Step
    from dcctl.text import Text


def show_campaign(plan: Plan, output: terminal.Output, *, to_stderr: bool = False) -> None:
    """Wave by wave: what is upgraded to what, under which net, and which paths stay."""
    from dcctl.planning.graph import already_of

    if output is not terminal.Output.TABLE:
        terminal.structured(plan, output)
        return
    write = terminal.say if to_stderr else terminal.put
    steps = {step.target: step for step in plan.steps if step.kind is StepKind.UPGRADE}
    for wave in plan.waves:
        if wave.title == "read":
            continue
        title = _("wave {n} {title}", n=wave.index + 1, title=wave_word(wave.title))
        longest = max(
            (steps[name].settings["order"]["expected_s"] for name in wave.targets), default=0
        )
        write(f"{title}: " + _("about {minutes} minutes", minutes=-(-longest // 60)))
        for name in wave.targets:
            for line in _lines(steps[name], plan):
                write(line)
    for line in (*_traps(steps.values(), plan), *_openings(steps, plan)):
        write(line)
    idle = [name for name in plan.targets if name not in steps]
    if idle:
        write(_("nothing to do: {names}", names=", ".join(idle)))
    for name, problem in plan.problems.items():
        write(_("  ! {target}: {problem}", target=name, problem=problem))
    if down := already_of(plan.certificate).names:
        write("  ! " + _("down already: {names}", names=", ".join(down)))
    told = plan.options["upgrade"]
    write(
        _(
            "plan {hash}: {elements} elements in {waves} waves; no plan needs fewer than {bound}",
            hash=plan.hash[:12],
            elements=len(steps),
            waves=told["waves"],
            bound=told["lower_bound"],
        )
    )


def _lines(step: Step, plan: Plan) -> Iterable[str]:
    from dcctl import platforms
    from dcctl.model.upgrade import UpgradeNet
    from dcctl.planning.upgrades import unseen_links

    order, target = step.settings["order"], plan.targets[step.target]
    yield f"  ~ {step.target}: {order['running']} -> {order['image']['version']}"
    upgrade = platforms.get(target.platform).upgrade
    if upgrade is not None and upgrade.net is UpgradeNet.NONE:
        yield "    ! " + _("nothing takes it back by itself; this has to be approved by itself")
    for site in plan.options["upgrade"]["cutting"].get(step.target, ()):
        yield "    ! " + _("cuts off {site}, which has to be approved by itself", site=site)
    for keep in order["keeps"]:
        yield "    " + _("{site} keeps {path}", site=keep["site"], path=" - ".join(keep["path"]))
    if unseen := unseen_links(step):
        told = _("no driver reaches either end of these links: {links}", links=", ".join(unseen))
        yield "    ? " + told


def _openings(steps: Mapping[str, Step], plan: Plan) -> Iterable[str]:
    """When each element may be begun at the earliest, by the windows that are approved with it."""
    from dcctl import clock
    from dcctl.model import plain
    from dcctl.model.calendar import Calendar
    from dcctl.planning.upgrades import CALENDAR
    from dcctl.planning.windows import next_opening, on_the_wall

    if not plan.options.get(CALENDAR):
        return
    calendar = plain.from_plain(Calendar, plan.options[CALENDAR])
    found: dict[Opening | None, list[str]] = {}
    for name, step in steps.items():
        needs = step.settings["order"]["expected_s"]
        coming = next_opening(plan.targets[name], calendar, clock.now(), duration_s=needs)
        found.setdefault(coming, []).append(name)
    for coming, names in found.items():
        said = ", ".join(names)
        if coming is None:
            yield "  ! " + _("no window of windows.yml is long enough for {names}", names=said)
            continue
        yield "  " + _(
            "window {name}, open from {opens} to {closes}: {names}",
            name=coming.name,
            opens=on_the_wall(coming.opens, coming.name, calendar),
            closes=on_the_wall(coming.closes, coming.name, calendar),
            names=said,
        )


def _traps(steps: Iterable[Step], plan: Plan) -> Iterable[str]:
    """What is known to go wrong, once for each image and platform."""
    from dcctl import platforms

    told: dict[str, list[str]] = {}
    for step in steps:
        image = step.settings["order"]["image"]
        own = [trap.get(user_language()) or next(iter(trap.values())) for trap in image["traps"]]
        told.setdefault(image["name"], own)
        platform = platforms.get(plan.targets[step.target].platform)
        if platform.upgrade is not None:
            told.setdefault(platform.title, [_(known) for known in platform.upgrade.traps])
    for name, traps in told.items():
        for trap in traps:
            yield f"  ? {name}: {trap}"


def show_explanation(why: Iterable[Text]) -> None:
    """Why an element is in its wave, a sentence a line."""
    for text in why:
        terminal.put("  " + spoken(text))


def say_next(plan: Plan) -> None:
    """What is typed next: a signature for each role that the plan needs, then the run."""
    from dcctl.planning.approvals import ROLES

    told = typed(plan.hash[:12], lab=plan.lab)
    for role in ("", *plan.options.get(ROLES, ())):
        named = f"{told} --role {role}" if role else told
        terminal.say(_("have it approved: dcctl approve {hash}", hash=named))
    terminal.say(_("then run exactly this: dcctl upgrade run {hash}", hash=told))
