"""What can be made to go wrong with a real host of the lab, and put right again.

A fault is done to the host from outside, or by a command run inside it past its network, so that
what a check then sees is real. The clock is the exception: it is the machine's, so a wrong time
server is given to the host's chronyd instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dcctl import clock
from dcctl.errors import InvalidInput
from dcctl.lab import corruption, disks, layout
from dcctl.lab.commands import LabFailure
from dcctl.lab.patient import Patient
from dcctl.text import N_

Act = Callable[[Patient, Mapping[str, Any]], None]
BOTH = (layout.SERVER, layout.ROUTER)
_FILLER = ".lab-filler"
_LOST_CLOCK_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFault:
    """One kind of fault; `arguments` are its names and defaults (None: must be given)."""

    name: str
    title: str
    inflict: Act
    heal: Act | None = None  # None: only by building the host again
    kinds: tuple[str, ...] = BOTH
    arguments: Mapping[str, Any] = field(default_factory=dict)


def _cable(*, up: bool) -> Act:
    def act(patient: Patient, given: Mapping[str, Any]) -> None:
        interface = given["interface"] or patient.host.interface
        known = {patient.host.interface, *(wire.interface for wire in patient.host.wires)}
        if interface not in known:
            raise InvalidInput(
                N_("{target} has no interface {interface}"),
                hint=N_("one of: {known}"),
                target=patient.host.name,
                interface=interface,
                known=", ".join(sorted(known)),
            )
        patient.order("cable", interface=interface, up=up)

    return act


def _freeze(*, frozen: bool) -> Act:
    return lambda patient, _given: patient.order("freeze", frozen=frozen)


def _line(**changes: Any) -> Act:
    """Change the host's line; a text among the changes is the name of an argument, in seconds."""

    def act(patient: Patient, given: Mapping[str, Any]) -> None:
        filled = {
            name: float(given[value]) if isinstance(value, str) else value
            for name, value in changes.items()
        }
        patient.order("line", **filled)

    return act


def _lose_power(patient: Patient, given: Mapping[str, Any]) -> None:
    patient.order("power", on=False)
    if float(given["seconds"]):
        clock.sleep(float(given["seconds"]))
        _restore_power(patient, given)


def _restore_power(patient: Patient, _given: Mapping[str, Any]) -> None:
    patient.order("power", on=True)
    if not patient.order("wait"):
        raise LabFailure(N_("{target} does not come back"), target=patient.host.name)


def _mislead_clock(patient: Patient, given: Mapping[str, Any]) -> None:
    offset = float(given["offset"])
    port = patient.order("liar", offset=offset)
    patient.run("chronyc", "offline")
    patient.run(
        *("chronyc", "add", "server", "127.0.0.1", "port", str(port)),
        *("iburst", "minpoll", "-2", "maxpoll", "-2", "trust", "prefer"),
    )
    end = clock.monotonic() + _LOST_CLOCK_SECONDS
    while "(127.0.0.1)" not in patient.run("chronyc", "-n", "tracking"):
        if clock.monotonic() > end:
            raise LabFailure(
                N_("{target} does not follow the wrong clock"), target=patient.host.name
            )
        clock.sleep(0.2)


def _unit(action: str) -> Act:
    return lambda patient, given: _discard(patient.run("systemctl", action, str(given["unit"])))


def _discard(_output: str) -> None:
    return


def _serial(patient: Patient, given: Mapping[str, Any]) -> str:
    known = [disk.serial for disk in patient.host.disks]
    serial = str(given["serial"] or (known or [""])[0])
    if serial not in known:
        raise InvalidInput(
            N_("{target} has no disk {serial}"),
            hint=N_("its disks: {known}"),
            target=patient.host.name,
            serial=serial or "?",
            known=", ".join(known) or "-",
        )
    return serial


def _corrupt(patient: Patient, given: Mapping[str, Any]) -> None:
    """Spoil one leg behind the file system's back; a read-only scrub finds it, if asked to."""
    file = disks.file_of(patient.folder / "disks", _serial(patient, given))
    patient.run("sync")
    corruption.spoil(file)
    if str(given["discover"]).lower() not in {"0", "false", "no"}:
        for mount in _btrfs_mounts(patient):
            patient.run("btrfs", "scrub", "start", "-B", "-r", mount, check=False)


def _repair(patient: Patient, _given: Mapping[str, Any]) -> None:
    for mount in _btrfs_mounts(patient):
        patient.run("btrfs", "scrub", "start", "-B", mount, check=False)
        patient.run("btrfs", "device", "stats", "-z", mount)


def _btrfs_mounts(patient: Patient) -> list[str]:
    found = patient.run("findmnt", "-n", "-l", "-t", "btrfs", "-o", "TARGET", check=False)
    return found.split()


def _fill(patient: Patient, given: Mapping[str, Any]) -> None:
    """Fill a file system on a disk of the lab; the host's root would be the machine's own disk."""
    mounts = _btrfs_mounts(patient)
    path = str(given["path"] or (mounts or [""])[0])
    source = patient.run("findmnt", "-n", "-o", "SOURCE", "--target", path or "/").strip()
    if not source.startswith("/dev/"):
        raise InvalidInput(
            N_("{path} of {target} lies on no disk of the lab, so it can't be filled"),
            target=patient.host.name,
            path=path or "/",
        )
    while free := _free(patient, path):
        name = f"{path}/{_FILLER}.{free}"
        done = patient.run("fallocate", "--length", str(free), name, check=False)
        if "No space" in done or free < 1 << 16:
            break


def _free(patient: Patient, path: str) -> int:
    return int(patient.run("stat", "-f", "-c", "%a", path)) * int(
        patient.run("stat", "-f", "-c", "%S", path)
    )


def _empty(patient: Patient, _given: Mapping[str, Any]) -> None:
    for mount in _btrfs_mounts(patient):
        patient.run("find", mount, "-maxdepth", "1", "-name", f"{_FILLER}.*", "-delete")


def _rename_prompt(patient: Patient, name: str) -> None:
    """Change the kernel's name of the host, which is what vtysh shows."""
    patient.run("hostname", name)


_KEY = "/etc/ssh/ssh_host_ed25519_key"


def _change_host_key(patient: Patient, _given: Mapping[str, Any]) -> None:
    for suffix in ("", ".pub"):
        patient.run("mv", "--no-clobber", f"{_KEY}{suffix}", f"{_KEY}.true{suffix}")
        patient.run("rm", "-f", f"{_KEY}{suffix}")
    patient.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", _KEY)
    patient.run("systemctl", "restart", "ssh")


def _restore_host_key(patient: Patient, _given: Mapping[str, Any]) -> None:
    for suffix in ("", ".pub"):
        patient.run("mv", f"{_KEY}.true{suffix}", f"{_KEY}{suffix}")
    patient.run("systemctl", "restart", "ssh")


HOST_FAULTS = (
    HostFault(
        name="link_down",
        title=N_("a cable is pulled: the management cable, or one between routers"),
        arguments={"interface": ""},
        inflict=_cable(up=False),
        heal=_cable(up=True),
    ),
    HostFault(
        name="hang",
        title=N_("it stops in its tracks: connections are accepted and never answered"),
        inflict=_freeze(frozen=True),
        heal=_freeze(frozen=False),
    ),
    HostFault(
        name="disconnect",
        title=N_("its line is cut: what is open is reset, and nothing new gets through"),
        inflict=_line(cut=True),
        heal=_line(cut=False),
    ),
    HostFault(
        name="slow",
        title=N_("its line takes some seconds longer, each way"),
        arguments={"seconds": 1.0},
        inflict=_line(delay="seconds"),
        heal=_line(delay=0.0),
    ),
    HostFault(
        name="garbage",
        title=N_("noise stands in everything that it says"),
        inflict=_line(garbage=True),
        heal=_line(garbage=False),
    ),
    HostFault(
        name="power_loss",
        title=N_("power is lost: for some seconds, or (0) until it is healed"),
        arguments={"seconds": 0.0},
        inflict=_lose_power,
        heal=_restore_power,
    ),
    HostFault(
        name="clock_off",
        title=N_("its time server is wrong by some seconds, so that its clock is"),
        kinds=(layout.SERVER,),
        arguments={"offset": 300.0},
        inflict=_mislead_clock,
        heal=lambda patient, _given: _discard(patient.run("systemctl", "restart", "chrony")),
    ),
    HostFault(
        name="service_stopped",
        title=N_("a service is stopped"),
        arguments={"unit": "ssh"},
        inflict=_unit("stop"),
        heal=_unit("start"),
    ),
    HostFault(
        name="disk_corrupted",
        title=N_("every other block of one disk is overwritten behind the file system's back"),
        kinds=(layout.SERVER,),
        arguments={"serial": "", "discover": True},
        inflict=_corrupt,
        heal=_repair,
    ),
    HostFault(
        name="disk_full",
        title=N_("a file system on a disk of the lab has no room left"),
        kinds=(layout.SERVER,),
        arguments={"path": ""},
        inflict=_fill,
        heal=_empty,
    ),
    HostFault(
        name="drift",
        title=N_("somebody runs a command on it by hand, as root"),
        arguments={"command": None},
        inflict=lambda patient, given: _discard(patient.run("sh", "-c", str(given["command"]))),
    ),
    HostFault(
        name="wrong_prompt",
        title=N_("the prompt shows another host name"),
        kinds=(layout.ROUTER,),
        arguments={"hostname": "other-host"},
        inflict=lambda patient, given: _rename_prompt(patient, str(given["hostname"])),
        heal=lambda patient, _given: _rename_prompt(patient, patient.host.name),
    ),
    HostFault(
        name="changed_host_key",
        title=N_("another host key is shown"),
        inflict=_change_host_key,
        heal=_restore_host_key,
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
