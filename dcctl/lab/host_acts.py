"""How a real host of the lab is broken and mended, one function a deed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dcctl import clock
from dcctl.errors import InvalidInput
from dcctl.lab import corruption, disks
from dcctl.lab.commands import LabFailure
from dcctl.lab.patient import Patient
from dcctl.text import N_

Act = Callable[[Patient, Mapping[str, Any]], None]
_FILLER = ".lab-filler"
_LOST_CLOCK_SECONDS = 30.0


def cable(*, up: bool) -> Act:
    """Pull a cable, or put it back."""

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


def freeze(*, frozen: bool) -> Act:
    """Stop the host in its tracks, or let it go on."""
    return lambda patient, _given: patient.order("freeze", frozen=frozen)


def line(**changes: Any) -> Act:
    """Change the host's line; a text among the changes is the name of an argument, in seconds."""

    def act(patient: Patient, given: Mapping[str, Any]) -> None:
        filled = {
            name: float(given[value]) if isinstance(value, str) else value
            for name, value in changes.items()
        }
        patient.order("line", **filled)

    return act


def lose_power(patient: Patient, given: Mapping[str, Any]) -> None:
    """Pull the plug, and put it back if that is asked for."""
    patient.order("power", on=False)
    if float(given["seconds"]):
        clock.sleep(float(given["seconds"]))
        restore_power(patient, given)


def restore_power(patient: Patient, _given: Mapping[str, Any]) -> None:
    """Put the plug back and wait until the host answers."""
    patient.order("power", on=True)
    if not patient.order("wait"):
        raise LabFailure(N_("{target} does not come back"), target=patient.host.name)


def mislead_clock(patient: Patient, given: Mapping[str, Any]) -> None:
    """Give chronyd a time server that lies, and wait until it believes it."""
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


def does(*argv: str) -> Act:
    """Run a command inside; `{name}` in it is an argument of the fault, `{target}` the host."""

    def act(patient: Patient, given: Mapping[str, Any]) -> None:
        filled = {**given, "target": patient.host.name}
        patient.run(*(word.format_map(filled) for word in argv))

    return act


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


def corrupt(patient: Patient, given: Mapping[str, Any]) -> None:
    """Spoil one leg behind the file system's back; a read-only scrub finds it, if asked to."""
    file = disks.file_of(patient.folder / "disks", _serial(patient, given))
    patient.run("sync")
    corruption.spoil(file)
    if str(given["discover"]).lower() not in {"0", "false", "no"}:
        for mount in _btrfs_mounts(patient):
            patient.run("btrfs", "scrub", "start", "-B", "-r", mount, check=False)


def repair(patient: Patient, _given: Mapping[str, Any]) -> None:
    """Let a scrub mend what is spoilt, and forget the errors counted."""
    for mount in _btrfs_mounts(patient):
        patient.run("btrfs", "scrub", "start", "-B", mount, check=False)
        patient.run("btrfs", "device", "stats", "-z", mount)
        patient.run("btrfs", "scrub", "start", "-B", mount, check=False)  # one that found nothing


def _btrfs_mounts(patient: Patient) -> list[str]:
    found = patient.run("findmnt", "-n", "-l", "-t", "btrfs", "-o", "TARGET", check=False)
    return found.split()


def fill(patient: Patient, given: Mapping[str, Any]) -> None:
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


def empty(patient: Patient, _given: Mapping[str, Any]) -> None:
    """Remove what filled the disks."""
    for mount in _btrfs_mounts(patient):
        patient.run("find", mount, "-maxdepth", "1", "-name", f"{_FILLER}.*", "-delete")


_KEY = "/etc/ssh/ssh_host_ed25519_key"


def change_host_key(patient: Patient, _given: Mapping[str, Any]) -> None:
    """Let sshd show a new key; the true one is kept aside."""
    for suffix in ("", ".pub"):
        patient.run("mv", "--no-clobber", f"{_KEY}{suffix}", f"{_KEY}.true{suffix}")
        patient.run("rm", "-f", f"{_KEY}{suffix}")
    patient.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", _KEY)
    patient.run("systemctl", "restart", "ssh")


def restore_host_key(patient: Patient, _given: Mapping[str, Any]) -> None:
    """Let sshd show the true key again."""
    for suffix in ("", ".pub"):
        patient.run("mv", f"{_KEY}.true{suffix}", f"{_KEY}{suffix}")
    patient.run("systemctl", "restart", "ssh")
