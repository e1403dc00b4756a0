"""What can be made to go wrong with a real host of the lab, and put right again.

A fault is done to the host from outside, or by a command run inside it past its network, so that
what a check then sees is real. The clock is the exception: it is the machine's, so a wrong time
server is given to the host's chronyd instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dcctl.errors import InvalidInput
from dcctl.lab import host_acts, layout
from dcctl.lab.host_acts import Act
from dcctl.lab.patient import Patient
from dcctl.text import N_

BOTH = (layout.SERVER, layout.ROUTER)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFault:
    """One kind of fault; `arguments` are its names and defaults (None: must be given)."""

    name: str
    title: str
    inflict: Act
    heal: Act | None = None  # None: only by building the host again
    kinds: tuple[str, ...] = BOTH
    arguments: Mapping[str, Any] = field(default_factory=dict)


HOST_FAULTS = (
    HostFault(
        name="link_down",
        title=N_("a cable is pulled: the management cable, or one between routers"),
        arguments={"interface": ""},
        inflict=host_acts.cable(up=False),
        heal=host_acts.cable(up=True),
    ),
    HostFault(
        name="hang",
        title=N_("it stops in its tracks: connections are accepted and never answered"),
        inflict=host_acts.freeze(frozen=True),
        heal=host_acts.freeze(frozen=False),
    ),
    HostFault(
        name="disconnect",
        title=N_("its line is cut: what is open is reset, and nothing new gets through"),
        inflict=host_acts.line(cut=True),
        heal=host_acts.line(cut=False),
    ),
    HostFault(
        name="slow",
        title=N_("its line takes some seconds longer, each way"),
        arguments={"seconds": 1.0},
        inflict=host_acts.line(delay="seconds"),
        heal=host_acts.line(delay=0.0),
    ),
    HostFault(
        name="garbage",
        title=N_("noise stands in everything that it says"),
        inflict=host_acts.line(garbage=True),
        heal=host_acts.line(garbage=False),
    ),
    HostFault(
        name="power_loss",
        title=N_("power is lost: for some seconds, or (0) until it is healed"),
        arguments={"seconds": 0.0},
        inflict=host_acts.lose_power,
        heal=host_acts.restore_power,
    ),
    HostFault(
        name="clock_off",
        title=N_("its time server is wrong by some seconds, so that its clock is"),
        kinds=(layout.SERVER,),
        arguments={"offset": 300.0},
        inflict=host_acts.mislead_clock,
        heal=host_acts.does("systemctl", "restart", "chrony"),
    ),
    HostFault(
        name="service_stopped",
        title=N_("a service is stopped"),
        arguments={"unit": "ssh"},
        inflict=host_acts.does("systemctl", "stop", "{unit}"),
        heal=host_acts.does("systemctl", "start", "{unit}"),
    ),
    HostFault(
        name="disk_corrupted",
        title=N_("every other block of one disk is overwritten behind the file system's back"),
        kinds=(layout.SERVER,),
        arguments={"serial": "", "discover": True},
        inflict=host_acts.corrupt,
        heal=host_acts.repair,
    ),
    HostFault(
        name="disk_full",
        title=N_("a file system on a disk of the lab has no room left"),
        kinds=(layout.SERVER,),
        arguments={"path": ""},
        inflict=host_acts.fill,
        heal=host_acts.empty,
    ),
    HostFault(
        name="drift",
        title=N_("somebody runs a command on it by hand, as root"),
        arguments={"command": None},
        inflict=host_acts.does("sh", "-c", "{command}"),
    ),
    HostFault(
        name="wrong_prompt",
        title=N_("the prompt shows another host name"),
        kinds=(layout.ROUTER,),
        arguments={"hostname": "other-host"},
        inflict=host_acts.does("hostname", "{hostname}"),
        heal=host_acts.does("hostname", "{target}"),
    ),
    HostFault(
        name="changed_host_key",
        title=N_("another host key is shown"),
        inflict=host_acts.change_host_key,
        heal=host_acts.restore_host_key,
    ),
)


def do(patient: Patient, name: str, given: Mapping[str, Any], *, heal: bool) -> None:
    """Inflict a fault on a host, or heal it.

    Raises:
        InvalidInput: no such fault for this kind of host, a wrong or a missing argument.
            LabFailure: it did not work.
    """
    kind = patient.host.kind
    known = {fault.name: fault for fault in HOST_FAULTS if kind in fault.kinds}
    fault = known.get(name)
    if fault is None:
        raise InvalidInput(
            N_("there is no fault {name} for a {kind}"),
            hint=N_("one of: {known}"),
            name=name,
            kind=kind,
            known=", ".join(sorted(known)),
        )
    unknown = given.keys() - fault.arguments.keys()
    if unknown:
        raise InvalidInput(
            N_("the fault {name} takes no {argument}"), name=name, argument=min(unknown)
        )
    if heal and fault.heal is None:
        raise InvalidInput(N_("the fault {name} is healed by building the host again"), name=name)
    filled = {**fault.arguments, **given}
    missing = [argument for argument, value in filled.items() if value is None]
    if missing and not heal:
        raise InvalidInput(
            N_("the fault {name} needs {argument}=…"), name=name, argument=missing[0]
        )
    (fault.heal if heal and fault.heal else fault.inflict)(patient, filled)
