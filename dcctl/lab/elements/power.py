"""An element loses power, boots and comes up; its software's operations and timers come due."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dcctl.lab.elements import faults as faulting
from dcctl.lab.elements.model import Element, Note
from dcctl.lab.elements.software import NEVER, Label, Outcome, settled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcctl.lab.elements.network import Network


POWER = "power"  # why it boots, where it lost that; all else is in the vendor's words


def lose(network: Network, name: str, seconds: float) -> None:
    """No power for some seconds; then it boots."""
    again = network.now + seconds
    dark = replace(network.elements[name], powered=False, reboot_at=again)
    network.elements[name] = settled(dark, reason=POWER)
    network.wake(name, again)
    network.terminals[name].clear()


def boot(network: Network, name: str) -> None:
    """It starts anew, with its startup configuration and whatever release its system boots."""
    before, system = network.elements[name], network.system(name)
    faults = network.faults_of(name)
    down = replace(
        before,
        running=before.startup,
        candidate=None,
        timer=None,
        lock=0,
        powered=True,
        reboot_at=0.0,
        messages=(),
    )
    came = system.boot(down, network.now, faulting.troubles(faults))
    comes_up = came.comes_up and not faults.never_back
    up_at = network.now + (came.seconds or system.boot_seconds) if comes_up else NEVER
    element = settled(came.element, operation=None)
    software = element.software
    element = replace(element, up_at=up_at, booted=up_at, changed=up_at)
    tried = came.tried or software.release
    other = software.release != before.software.release
    network.faults[name] = faulting.after_boot(
        faults,
        tried_other=tried != before.software.release,
        other_release=other,
        lost_db=_lost(element, software.label),
    )
    network.elements[name] = element
    network.terminals[name].clear()
    network.wake(name, up_at)
    if software.net:
        network.wake(name, software.net.due)
    notes = (Note(kind="boot", text="down", subject=tried), *came.notes)
    for note in notes:
        network.observe(name, network.now, note, 0)
    network.refresh(name)
    network.power(name)


def _lost(element: Element, label: Label | None) -> Mapping[str, float]:
    db = float(label.flags.get("drops_light_db", 0.0)) if label else 0.0
    ports = (one.name for one in element.chassis.ports if one.optic)
    return dict.fromkeys(ports, db) if db else {}


def up(network: Network, name: str) -> None:
    """It has booted."""
    software = network.elements[name].software
    network.refresh(name)
    network.observe(name, network.now, Note(kind="boot", text="up", subject=software.release), 0)
    if software.net:
        network.wake(name, max(network.now, software.net.due))
    network.power(name)


def started(network: Network, name: str, before: Element, after: Element) -> Element:
    """An operation or a timer of the software began, unless a fault makes something else of it."""
    faults = network.faults_of(name)
    operation, net = after.software.operation, after.software.net
    if operation and operation is not before.software.operation:
        if faults.operation_hangs:
            network.faults[name] = replace(faults, operation_hangs=False)
            operation = replace(operation, due=NEVER)
        elif faults.power_loss_s:
            network.wake(name, (network.now + operation.due) / 2)
        network.wake(name, operation.due)
    if net and net is not before.software.net:
        if faults.net_fires:
            network.faults[name] = replace(faults, net_fires=False)
            net = replace(net, due=network.now)
        network.wake(name, net.due)
    if operation is after.software.operation and net is after.software.net:
        return after
    return settled(after, operation=operation, net=net)


def software_due(network: Network, name: str) -> None:
    """Perhaps an operation came to its end, a timer ran out, or power is lost halfway."""
    element, faults = network.elements[name], network.faults_of(name)
    operation, net = element.software.operation, element.software.net
    if not network.alive(name):
        return
    if operation and operation.due <= network.now:
        done = network.system(name).finish(element, network.now, faulting.troubles(faults))
        if done.element.software.operation is operation:
            done = replace(done, element=settled(done.element, operation=None))
        _come_of(network, name, done)
    elif net and net.due <= network.now:
        fired = network.system(name).net_expired(settled(element, net=None), network.now)
        network.observe(name, network.now, Note(kind="net", text="ran out"), 0)
        _come_of(network, name, fired)
    elif operation and faults.power_loss_s:
        network.faults[name] = replace(faults, power_loss_s=0.0)
        lose(network, name, faults.power_loss_s)
        network.observe(name, network.now, Note(kind="fault", text=faulting.POWER_LOSS), 0)
        network.refresh(name)
        network.power(name)


def _come_of(network: Network, name: str, outcome: Outcome) -> None:
    network.settle(name, outcome.element, outcome.notes, 0)


def logged_in(network: Network, name: str, element: Element) -> Element:
    """Somebody logged in: that ends a timer that only waits for it."""
    net = element.software.net
    if net is None or not net.ends_at_login:
        return element
    network.observe(name, network.now, Note(kind="net", text="ended by a login"), 0)
    return settled(element, net=None)
