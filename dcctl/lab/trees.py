"""What makes one host differ from the next.

The files that are put into its own folder before it first starts.
"""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl.lab import commands, layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.lab.layout import Blueprint, Host

NETWORK_USER = "netops"
SHELL_USER = "ops"
ROUTING_DAEMONS = ("bgpd", "ospfd", "isisd", "ldpd", "bfdd")
_UID = {NETWORK_USER: 2001, SHELL_USER: 2002}


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How the lab's hosts are entered: one key and one password (as a hash) for all of them."""

    public_key: str
    password_hash: str


@dataclass(frozen=True, slots=True)
class Tree:
    """The writable folder of one host above its lower ones."""

    upper: Path
    lower: Sequence[Path]

    def read(self, name: str) -> str:
        """A file as the host would see it; empty if there is none."""
        for root in (self.upper, *self.lower):
            if (root / name).is_file():
                return (root / name).read_text()
        return ""

    def write(self, name: str, content: str, mode: int = 0o644, owner: int = 0) -> None:
        """Put a file there; folders that a lower tree has keep its mode and owner."""
        file = self.upper / name
        for parent in reversed(file.relative_to(self.upper).parents):
            self._folder(parent)
        file.touch(mode=0o600)
        file.write_text(content)
        file.chmod(mode)
        os.chown(file, owner, owner)

    def folder(self, name: str, mode: int, owner: int) -> None:
        """Make a folder with a mode and owner of its own."""
        place = self.upper / name
        self._folder(Path(name))
        place.chmod(mode)
        os.chown(place, owner, owner)

    def _folder(self, name: Path) -> None:
        place = self.upper / name
        if place.is_dir():
            return
        place.mkdir(parents=True)
        for root in self.lower:
            if (root / name).is_dir():
                like = (root / name).stat()
                place.chmod(like.st_mode & 0o7777)
                os.chown(place, like.st_uid, like.st_gid)
                return
        place.chmod(0o755)


def prepare(blueprint: Blueprint, host: Host, access: Access) -> str:
    """Make the folder of `host`; its public host key."""
    place = folder_of(Path(blueprint.folder), host.name)
    for name in ("root", "work", "upper"):
        (place / name).mkdir(parents=True, exist_ok=True)
    (place / "upper").chmod(0o755)
    tree = Tree(place / "upper", [Path(path) for path in blueprint.layers[host.kind]])
    tree.write("etc/hostname", f"{host.name}\n")
    tree.write("etc/machine-id", f"{machine_id(blueprint.lab_id, host.name)}\n", 0o444)
    tree.write("etc/hosts", f"127.0.0.1 localhost\n127.0.1.1 {host.name}\n::1 localhost\n")
    tree.write("root/.ssh/authorized_keys", access.public_key, 0o600)
    (place / "upper/root/.ssh").chmod(0o700)
    tree.write(
        "etc/apt/sources.list.d/lab.list", f"deb [trusted=yes] http://{blueprint.control}/ ./\n"
    )
    if host.kind == layout.ROUTER:
        _router_files(tree, host, access)
    return _host_key(tree)


def folder_of(lab_folder: Path, name: str) -> Path:
    """Where the files of the host `name` lie."""
    return lab_folder / "hosts" / name


def machine_id(lab_id: str, name: str) -> str:
    """What tells a host from all others; without one of its own it takes that of the hardware."""
    return uuid.uuid5(uuid.NAMESPACE_DNS, f"{name}.{lab_id}.lab").hex


def _host_key(tree: Tree) -> str:
    tree.folder("etc/ssh", 0o755, 0)
    key = tree.upper / "etc/ssh/ssh_host_ed25519_key"
    commands.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(key)])
    return " ".join(key.with_suffix(".pub").read_text().split()[:2])


def _router_files(tree: Tree, host: Host, access: Access) -> None:
    """A router as it comes out of its box.

    Management and a name, all daemons on, nothing else configured.
    """
    frr = _id_of(tree, "etc/passwd", "frr")
    tree.write(
        "etc/frr/frr.conf",
        f"frr defaults traditional\nhostname {host.name}\nlog syslog informational\n"
        "service integrated-vtysh-config\n!\n",
        0o640,
        frr,
    )
    daemons = "".join(f"{name}=yes\n" for name in ROUTING_DAEMONS)
    options = "".join(
        f'{name}_options="-A 127.0.0.1"\n' for name in ("zebra", "mgmtd", *ROUTING_DAEMONS)
    )
    tree.write("etc/frr/daemons", f"{daemons}vtysh_enable=yes\n{options}", 0o640, frr)
    tree.write(
        "etc/lldpd.d/lab.conf",
        "configure lldp tx-interval 2\nconfigure lldp portidsubtype ifname\n"
        f"configure system interface pattern *,!{host.interface}\n",
    )
    _add_user(tree, NETWORK_USER, "/usr/bin/vtysh", ("frr", "frrvty"), access)
    _add_user(tree, SHELL_USER, "/bin/bash", ("sudo", "frrvty"), access)
    tree.write("etc/sudoers.d/lab", f"{SHELL_USER} ALL=(ALL) NOPASSWD: ALL\n", 0o440)


def _id_of(tree: Tree, file: str, name: str) -> int:
    for line in tree.read(file).splitlines():
        fields = line.split(":")
        if fields[0] == name:
            return int(fields[2])
    return 0


def _add_user(tree: Tree, name: str, shell: str, groups: Sequence[str], access: Access) -> None:
    uid = _UID[name]
    shadow = _id_of(tree, "etc/group", "shadow")
    tree.write(
        "etc/passwd", tree.read("etc/passwd") + f"{name}:x:{uid}:{uid}::/home/{name}:{shell}\n"
    )
    tree.write(
        "etc/shadow",
        tree.read("etc/shadow") + f"{name}:{access.password_hash}:19000:0:99999:7:::\n",
        0o640,
    )
    os.chown(tree.upper / "etc/shadow", 0, shadow)
    lines = []
    for line in tree.read("etc/group").splitlines():
        group, secret, number, members = line.split(":")
        if group in groups:
            members = ",".join(filter(None, [*members.split(","), name]))
        lines.append(f"{group}:{secret}:{number}:{members}")
    tree.write("etc/group", "\n".join([*lines, f"{name}:x:{uid}:"]) + "\n")
    tree.folder(f"home/{name}", 0o755, uid)
    tree.folder(f"home/{name}/.ssh", 0o700, uid)
    tree.write(f"home/{name}/.ssh/authorized_keys", access.public_key, 0o600, uid)
