"""Waiting for an element that reloads: until it is back, or until that can't be hoped for."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from dcctl import clock
from dcctl.errors import (
    AuthenticationFailed,
    CommandFailed,
    HostKeyRejected,
    TargetError,
    TargetTimeout,
)
from dcctl.model.upgrade import UpgradeNet
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Stage
    from dcctl.executors.upgrading.machine import Machine
    from dcctl.model.upgrade import Installed

_ROUNDING_S = 60.0  # many tell their uptime in whole minutes
_FINAL = (AuthenticationFailed, HostKeyRejected)  # asking again only locks accounts


class NeverBackError(TargetTimeout):
    """An element that was reloaded answers nobody."""


def until_answering(machine: Machine) -> None:
    """Wait until its door can be knocked at again, as long as a boot may take."""
    until = clock.monotonic() + machine.upgrade.boot_s
    while not machine.door.answers() and clock.monotonic() < until:
        clock.sleep(machine.order.pause_s)


def until_arrived(machine: Machine, stage: Stage) -> None:
    """Wait until the stage's effect is seen on a login of its own.

    Raises:
        NeverBackError: it does not answer any more. TargetTimeout: it answers, and the effect is
        not there. CommandFailed: where a login would cancel the net, neighbours see it unwell.
    """
    until = clock.monotonic() + machine.upgrade.boot_s
    last: Exception | None = None
    while True:
        if machine.door.answers():
            if stage.reloads:
                may_log_in(machine, until)
            try:
                session = machine.door.fresh() if stage.reloads else machine.door.session()
                machine.entered = machine.entered or stage.reloads
                if stage.arrived(session, machine.order.image):
                    return
                last, other = None, _other_release(machine, stage)
            except _FINAL:
                raise
            except TargetError as error:
                last, other = error, ""
            if other:
                raise CommandFailed(
                    N_("{name} has booted, and runs {release}"), name=machine.name, release=other
                )
        if clock.monotonic() > until:
            break
        clock.sleep(machine.order.pause_s)
    _out_of_time(machine, stage, last)


def _out_of_time(machine: Machine, stage: Stage, last: Exception | None) -> NoReturn:
    """Say why a stage's effect was not seen in all that time."""
    if not machine.door.answers():
        raise NeverBackError(
            N_("{name} has not answered for {minutes} minutes"),
            name=machine.name,
            minutes=machine.upgrade.boot_s // 60,
        )
    if last is not None:
        raise last
    raise TargetTimeout(
        N_("{name}: {stage} has had no effect in {minutes} minutes"),
        name=machine.name,
        stage=stage.name,
        minutes=machine.upgrade.boot_s // 60,
    )


def _other_release(machine: Machine, stage: Stage) -> str:
    """The release of an element that has booted since, and booted another one than was wanted."""
    if not stage.reloads or not booted_since(machine, clock.monotonic() - machine.armed_at):
        return ""
    now = machine.upgrade.installed(machine.door.session())
    waits = now.running == machine.order.running and now.pending
    return "" if waits or now.running == machine.order.image.version else now.running


def booted_since(machine: Machine, seconds: float) -> bool | None:
    """Whether it booted within the last `seconds`, by its own uptime; None: it doesn't tell."""
    reading = machine.door.read(("version",))["version"]
    uptime = getattr(reading.value, "uptime_s", None)
    return None if uptime is None else uptime < seconds - _ROUNDING_S


def may_log_in(machine: Machine, until: float) -> None:
    """Where a login cancels the safety net, neighbours must see the element well first.

    Raises:
        CommandFailed, TargetTimeout: they don't; the net is left armed.
    """
    if machine.net is not UpgradeNet.LOGIN or not machine.armed_at:
        return
    machine.back_at = machine.back_at or clock.monotonic()
    holds = clock.monotonic() + net_left(machine)
    if clock.monotonic() < holds:
        machine.neighbours.hold(min(until, holds - 60.0), 0.0, stop=machine.context.cancelled)


def reconciled(machine: Machine) -> Installed:
    """What is installed, once it is what was wanted everywhere.

    Raises:
        CommandFailed: another release runs or would be booted, a board differs, or something that
        goes with it (programmable devices, boot loader, patch) isn't as wanted.
    """
    image = machine.order.image
    until = clock.monotonic() + machine.upgrade.boot_s
    while True:
        now = machine.upgrade.installed(machine.door.session())
        wrong = [f"{board} runs {release}" for board, release in now.boards.items()]
        if now.running != image.version:
            raise CommandFailed(
                N_("{name} runs {now}, not {wanted}"),
                name=machine.name,
                now=now.running,
                wanted=image.version,
            )
        wrong += now.problems
        if image.patch and now.patch != image.patch:
            wrong.append(f"patch {now.patch or '-'}, not {image.patch}")
        if image.bootloader and now.bootloader != image.bootloader:
            wrong.append(f"boot loader {now.bootloader or '-'}, not {image.bootloader}")
        if not wrong:
            return now
        if clock.monotonic() + machine.order.pause_s > until:
            raise CommandFailed(
                N_("{name}: not all of it came up as wanted: {wrong}"),
                name=machine.name,
                wrong="; ".join(wrong)[:300],
            )
        clock.sleep(machine.order.pause_s)


def untouched(machine: Machine) -> tuple[str, ...]:
    """Wait until it is seen to run the old release, and well by its neighbours; what is pending.

    Raises:
        Unreachable, TargetTimeout, CommandFailed: it isn't, or nobody can tell.
    """
    until = clock.monotonic() + machine.upgrade.boot_s
    while not machine.door.answers():
        if clock.monotonic() > until:
            raise NeverBackError(N_("{name} answers nobody"), name=machine.name)
        clock.sleep(machine.order.pause_s)
    now = machine.upgrade.installed(machine.door.fresh())
    if now.running != machine.order.running:
        raise CommandFailed(
            N_("{name} runs {now}, not {wanted}"),
            name=machine.name,
            now=now.running,
            wanted=machine.order.running,
        )
    machine.neighbours.hold(
        clock.monotonic() + machine.order.settle_s, 0.0, stop=machine.context.cancelled
    )
    return now.pending


def reverted(machine: Machine, *, told: bool) -> None:
    """Take the old release back, and see that it runs.

    `told`: the element answers, so it can be told to; else only its safety net may bring it back.

    Raises:
        NeverBackError: it answers nobody. TargetTimeout: it answers, and still runs another one.
    """
    quiet = machine.net is UpgradeNet.LOGIN and not machine.entered and net_left(machine) > 0
    if told and not quiet:
        with suppress(TargetError):
            _tell(machine)
    until = clock.monotonic() + max(0.0, net_left(machine)) + machine.upgrade.boot_s + 120.0
    if quiet:
        clock.sleep(net_left(machine) + 60.0)  # a look would cancel what takes it back
    while True:
        if machine.door.answers():
            with suppress(TargetError):
                session = machine.door.fresh()
                now = machine.upgrade.installed(session)
                if now.running == machine.order.running:
                    _made_permanent(machine, now)
                    return
        if clock.monotonic() > until:
            break
        clock.sleep(machine.order.pause_s)
    if not machine.door.answers():
        raise NeverBackError(N_("{name} answers nobody"), name=machine.name)
    raise TargetTimeout(
        N_("{name} answers, and {release} was not seen to run"),
        name=machine.name,
        release=machine.order.running,
    )


def _tell(machine: Machine) -> None:
    session = machine.door.session()
    runs = machine.upgrade.installed(session).running
    image = machine.order.image
    if runs != machine.order.running:
        image = replace(
            image, version=runs
        )  # what its files really held, whatever was said of them
    with session.changing():
        machine.upgrade.revert(session, image, machine.previous)
    machine.door.drop()


def _made_permanent(machine: Machine, now: Installed) -> None:
    """What was taken back may itself wait to be committed."""
    if now.committed is not False or machine.upgrade.commit is None:
        return
    session = machine.door.session()
    with session.changing():
        machine.upgrade.commit(session, machine.previous or machine.order.image)


def net_left(machine: Machine) -> float:
    """Seconds until the safety net has taken the old release back; 0 where there is none."""
    if machine.net not in {UpgradeNet.TIMER, UpgradeNet.LOGIN} or not machine.armed_at:
        return 0.0
    started = machine.armed_at
    if machine.net is UpgradeNet.LOGIN:  # it runs once the new release does
        started = machine.back_at or machine.armed_at + machine.upgrade.boot_s
    return started + machine.net_s - clock.monotonic()
