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
from dcctl.executors.upgrading import console
from dcctl.model.upgrade import UpgradeNet
from dcctl.text import N_, shortened

if TYPE_CHECKING:
    from dcctl.contracts import Stage
    from dcctl.executors.upgrading.element import Element
    from dcctl.model.upgrade import Installed

_ROUNDING_S = 60.0  # many tell their uptime in whole minutes
# A login that is refused just after a reload: who decides may not be reached yet (TACACS, RADIUS).
# More attempts, or closer together, only lock accounts.
_LOGINS, _BETWEEN_LOGINS_S = 3, 60.0


class NeverBackError(TargetTimeout):
    """An element that was reloaded answers nobody; its console was asked, where it has one."""


def until_answering(element: Element) -> None:
    """Wait until its door can be knocked at again, as long as a boot may take."""
    until = clock.monotonic() + element.upgrade.boot_s
    while not element.door.answers() and clock.monotonic() < until:
        clock.sleep(element.order.pause_s)


def until_arrived(element: Element, stage: Stage) -> None:
    """Wait until the stage's effect is seen on a login of its own.

    Raises:
        NeverBackError: it does not answer any more. TargetTimeout: it answers, and the effect is
        not there. CommandFailed: where a login would cancel the net, neighbours see it unwell.
    """
    until = clock.monotonic() + element.upgrade.boot_s
    last: Exception | None = None
    refused = 0
    while True:
        if element.door.answers():
            if stage.reloads:
                may_log_in(element, until)
            try:
                session = element.door.fresh() if stage.reloads else element.door.session()
                element.entered = element.entered or stage.reloads
                if stage.arrived(session, element.order.image):
                    return
                last, other = None, _other_release(element, stage)
            except HostKeyRejected:
                raise
            except AuthenticationFailed as error:
                last, other, refused = error, "", refused + 1
                _ask_later(error, refused if stage.reloads else _LOGINS)
            except TargetError as error:
                last, other = error, ""
            if other:
                raise CommandFailed(
                    N_("{name} has booted, and runs {release}"), name=element.name, release=other
                )
        if clock.monotonic() > until:
            break
        clock.sleep(element.order.pause_s)
    _out_of_time(element, stage, last)


def _ask_later(error: AuthenticationFailed, refused: int) -> None:
    if refused == _LOGINS:
        raise error
    clock.sleep(_BETWEEN_LOGINS_S)


def _out_of_time(element: Element, stage: Stage, last: Exception | None) -> NoReturn:
    """Say why a stage's effect was not seen in all that time."""
    if not element.door.answers():
        console.look(element, net_left(element))
        raise NeverBackError(
            N_("{name} has not answered for {minutes} minutes"),
            name=element.name,
            minutes=element.upgrade.boot_s // 60,
        )
    if last is not None:
        raise last
    raise TargetTimeout(
        N_("{name}: {stage} has had no effect in {minutes} minutes"),
        name=element.name,
        stage=stage.name,
        minutes=element.upgrade.boot_s // 60,
    )


def _other_release(element: Element, stage: Stage) -> str:
    """The release of an element that has booted since, and booted another one than was wanted."""
    if not stage.reloads or not booted_since(element, clock.monotonic() - element.armed_at):
        return ""
    now = element.upgrade.installed(element.door.session())
    waits = now.running == element.order.running and now.pending
    return "" if waits or now.running == element.order.image.version else now.running


def booted_since(element: Element, seconds: float) -> bool | None:
    """Whether it booted within the last `seconds`, by its own uptime; None: it doesn't tell."""
    reading = element.door.read(("version",))["version"]
    uptime = getattr(reading.value, "uptime_s", None)
    return None if uptime is None else uptime < seconds - _ROUNDING_S


def may_log_in(element: Element, until: float) -> None:
    """Where a login cancels the safety net, neighbours must see the element well first.

    Raises:
        CommandFailed, TargetTimeout: they don't; the net is left armed.
    """
    if element.net is not UpgradeNet.LOGIN or not element.armed_at:
        return
    element.back_at = element.back_at or clock.monotonic()
    holds = clock.monotonic() + net_left(element)
    if clock.monotonic() < holds:
        element.neighbours.hold(min(until, holds - 60.0), 0.0, stop=element.context.cancelled)


def reconciled(element: Element) -> Installed:
    """What is installed, once it is what was wanted everywhere.

    Raises:
        CommandFailed: another release runs or would be booted, a board differs, or something that
        goes with it (programmable devices, boot loader, patch) isn't as wanted.
    """
    image = element.order.image
    until = clock.monotonic() + element.upgrade.boot_s
    while True:
        now = element.upgrade.installed(element.door.session())
        wrong = [f"{board} runs {release}" for board, release in now.boards.items()]
        if now.running != image.version:
            raise CommandFailed(
                N_("{name} runs {now}, not {wanted}"),
                name=element.name,
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
        if clock.monotonic() + element.order.pause_s > until:
            raise CommandFailed(
                N_("{name}: not all of it came up as wanted: {wrong}"),
                name=element.name,
                wrong=shortened("; ".join(wrong), 300),
            )
        clock.sleep(element.order.pause_s)


def untouched(element: Element) -> tuple[str, ...]:
    """Wait until it is seen to run the old release, and well by its neighbours; what is pending.

    Raises:
        Unreachable, TargetTimeout, CommandFailed: it isn't, or nobody can tell.
    """
    until = clock.monotonic() + element.upgrade.boot_s
    while not element.door.answers():
        if clock.monotonic() > until:
            console.look(element, 0.0)  # nothing was activated: no net is armed
            raise NeverBackError(N_("{name} answers nobody"), name=element.name)
        clock.sleep(element.order.pause_s)
    now = element.upgrade.installed(element.door.fresh())
    if now.running != element.order.running:
        raise CommandFailed(
            N_("{name} runs {now}, not {wanted}"),
            name=element.name,
            now=now.running,
            wanted=element.order.running,
        )
    element.neighbours.hold(
        clock.monotonic() + element.order.settle_s, 0.0, stop=element.context.cancelled
    )
    return now.pending


def reverted(element: Element, *, told: bool) -> None:
    """Take the old release back, and see that it runs.

    `told`: the element answers, so it can be told to; else only its safety net may bring it back.

    Raises:
        NeverBackError: it answers nobody. TargetTimeout: it answers, and still runs another one.
    """
    quiet = element.net is UpgradeNet.LOGIN and not element.entered and net_left(element) > 0
    to_tell = told and not quiet and not _tell(element)
    others_told = False
    until = clock.monotonic() + max(0.0, net_left(element)) + element.upgrade.boot_s + 120.0
    if quiet:
        clock.sleep(net_left(element) + 60.0)  # a look would cancel what takes it back
    while True:
        if element.door.answers():
            with suppress(TargetError):
                session = element.door.fresh()
                now = element.upgrade.installed(session)
                if now.running == element.order.running:
                    if now.boards and not others_told:
                        others_told = True  # once, heard or not: `all_old` says what came of it
                        _tell(element)  # the old master follows, say
                        continue
                    _made_permanent(element, now)
                    return
                to_tell = to_tell and not _tell(element)
        if clock.monotonic() > until:
            break
        clock.sleep(element.order.pause_s)
    if not element.door.answers():
        console.look(element, net_left(element))
        raise NeverBackError(N_("{name} answers nobody"), name=element.name)
    raise TargetTimeout(
        N_("{name} answers, and {release} was not seen to run"),
        name=element.name,
        release=element.order.running,
    )


def all_old(element: Element) -> None:
    """Wait until no board runs another release than the element.

    Raises:
        CommandFailed: one does. TargetError.
    """
    until = clock.monotonic() + element.order.settle_s
    while True:
        boards = element.upgrade.installed(element.door.session()).boards
        if not boards:
            return
        if clock.monotonic() + element.order.pause_s > until:
            wrong = "; ".join(f"{board} runs {release}" for board, release in boards.items())
            raise CommandFailed(
                N_("{name}: not all of it runs the old release: {wrong}"),
                name=element.name,
                wrong=shortened(wrong, 300),
            )
        clock.sleep(element.order.pause_s)


def _tell(element: Element) -> bool:
    """Tell it to go back; whether it heard: what it answers is lost where it reloads at once."""
    try:
        session = element.door.session()
        runs = element.upgrade.installed(session).running
    except TargetError:
        return False
    image = element.order.image
    if runs != element.order.running:
        image = replace(
            image, version=runs
        )  # what its files really held, whatever was said of them
    with suppress(TargetError), session.changing():
        element.upgrade.revert(session, image, element.previous)
    element.door.drop()
    return True


def _made_permanent(element: Element, now: Installed) -> None:
    """What was taken back may itself wait to be committed."""
    if now.committed is not False or element.upgrade.commit is None:
        return
    session = element.door.session()
    with session.changing():
        element.upgrade.commit(session, element.previous or element.order.image)


def net_left(element: Element) -> float:
    """Seconds until the safety net has taken the old release back; 0 where there is none."""
    if element.net not in {UpgradeNet.TIMER, UpgradeNet.LOGIN} or not element.armed_at:
        return 0.0
    started = element.armed_at
    if element.net is UpgradeNet.LOGIN:  # it runs once the new release does
        started = element.back_at or element.armed_at + element.upgrade.boot_s
    return started + element.net_s - clock.monotonic()
