"""Doctor: what this machine has, what is missing, and what that leaves out."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from dcctl import estate
from dcctl.errors import DcctlError
from dcctl.text import N_, Text
from dcctl.workflows.services import find_site


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at.

    `status` is ok, missing (something is left out), or fail (dcctl can't work).
    """

    name: str
    status: str
    message: Text


_NEEDED = ("ansible-core", "ansible-runner", "netmiko", "paramiko", "sqlalchemy", "jinja2")
_OPTIONAL = {
    "ansible": N_("collections: roles that need more than ansible.builtin (dcctl[collections])"),
    "asyncssh": N_("the lab's simulated network elements (dcctl[lab])"),
}
_PROGRAMS = {
    "ssh": N_("Ansible's connections and `dcctl ssh`"),
    "ssh-keygen": N_("the lab's keys"),
    "debootstrap": N_("the lab's real hosts"),
    "ip": N_("the lab's real hosts"),
    "mkfs.btrfs": N_("storage volumes in the lab"),
}
_FREE_WANTED = 1 << 30  # bytes


def doctor(site: Path | None = None) -> tuple[Finding, ...]:
    """Look at everything; never raises for what it finds."""
    return (
        *_python(),
        *_packages(),
        *_programs(),
        *_root(),
        *_site(site),
    )


def _python() -> Iterator[Finding]:
    version = sys.version.split()[0]
    yield Finding(
        name="python", status="ok", message=Text(N_("version {version}"), {"version": version})
    )


def _packages() -> Iterator[Finding]:
    for name in (*_NEEDED, *_OPTIONAL):
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            missing = "fail" if name in _NEEDED else "missing"
            what = _OPTIONAL.get(name, N_("needed"))
            yield Finding(name=name, status=missing, message=Text(what))
        else:
            text = Text(N_("version {version}"), {"version": version})
            yield Finding(name=name, status="ok", message=text)


def _programs() -> Iterator[Finding]:
    for name, what in _PROGRAMS.items():
        found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
        status = "ok" if found else "missing"
        yield Finding(name=name, status=status, message=Text(found or what))


def _root() -> Iterator[Finding]:
    if os.geteuid() == 0:
        yield Finding(name="root", status="ok", message=Text(N_("the whole lab can be had")))
    else:
        text = Text(N_("not root: the lab has its simulated network elements only"))
        yield Finding(name="root", status="missing", message=text)


def _site(site: Path | None) -> Iterator[Finding]:
    try:
        root = find_site(site)
        complaints = estate.check(root)
    except DcctlError as error:
        yield Finding(name="site", status="missing", message=error.text)
        return
    errors = sum(1 for complaint in complaints if complaint.severity.value == "error")
    text = Text(
        N_("{root}: {errors} errors in the inventory"), {"root": str(root), "errors": errors}
    )
    yield Finding(name="site", status="fail" if errors else "ok", message=text)
    yield _disk(root)


def _disk(root: Path) -> Finding:
    free = shutil.disk_usage(root).free
    text = Text(N_("{mib} MiB free for the journal"), {"mib": free >> 20})
    return Finding(name="disk", status="ok" if free > _FREE_WANTED else "missing", message=text)
