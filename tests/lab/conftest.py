"""A lab for tests, one a file: as many workers' labs as stay up do not fit on a machine.

`lab_site` is up with four servers and three routers; `raise_lab` raises another.

`lab_site` is shared: a test that changes a host puts it back, or takes a lab of its own with
`raise_lab(server("x", "10.60.10.5"))`.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dcctl import lab
from dcctl.model.target import Connection, Interface, Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, kw_only=True)
class LabSite:
    """A temporary site folder with a lab in it that is up."""

    root: Path
    folder: Path  # root/.dcctl/lab
    targets: dict[
        str, Target
    ]  # as the estate gives them with `--lab`: connection and credential of the overlay
    credentials: dict[str, dict[str, Any]]
    status: lab.LabStatus

    def inside(
        self, name: str, *argv: str, check: bool = True, **more: Any
    ) -> subprocess.CompletedProcess[str]:
        """Run as root inside a host, past its network and sshd."""
        done = lab.inside(self.folder, name, argv, **more)
        assert done.returncode == 0 or not check, f"{argv}: {done.stdout}{done.stderr}"
        return done

    def ssh_arguments(self, name: str) -> list[str]:
        """ssh(1) with everything strict, up to the destination."""
        connection = self.targets[name].connection
        key = self.folder / "keys/id_ed25519"
        options = {
            "BatchMode": "yes",
            "StrictHostKeyChecking": "yes",
            "UserKnownHostsFile": connection.known_hosts,
            "GlobalKnownHostsFile": "/dev/null",
            "HostKeyAlias": connection.host_key_alias,
            "IdentitiesOnly": "yes",
            "IdentityFile": str(key),
            "ConnectTimeout": "10",
            "ControlPath": "none",
        }
        flags = [item for option, value in options.items() for item in ("-o", f"{option}={value}")]
        user = self.credentials[connection.credential]["username"]
        return [
            *("ssh", "-F", "none"),
            *flags,
            *("-p", str(connection.port)),
            f"{user}@{connection.address}",
        ]

    def ssh(
        self, name: str, command: str, *, timeout: float = 60
    ) -> subprocess.CompletedProcess[str]:
        """Run a command over ssh(1), through the relay."""
        return subprocess.run(
            [*self.ssh_arguments(name), command],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=timeout,
            check=False,
        )


def server(name: str, address: str, *serials: str, **intent: Any) -> Target:
    """A server, with a RAID1 volume on disks of these serial numbers."""
    disks = [{"serial": serial} for serial in serials]
    volume = {"name": "data", "profile": "raid1", "mount": "/srv/data", "disks": disks}
    return Target(
        name=name,
        platform="linux",
        kind="server",
        connection=Connection(address=address),
        intent=({"volumes": [volume]} if serials else {}) | intent,
        variables={"ansible_host": address},
    )


def triangle(*names: str, network: str = "10.60.1") -> list[Target]:
    """Routers, each linked to every other (`to-PEER`) and to something outside (`uplink`)."""
    found = []
    for number, name in enumerate(names, start=1):
        wires = [
            Interface(
                name=f"to-{peer[-10:]}",
                link="-".join(sorted((name, peer))),
                peer=peer,
                peer_interface=f"to-{name[-10:]}",
            )
            for peer in names
            if peer != name
        ]
        wires.append(Interface(name="uplink", link=f"{name}-up", peer="elsewhere"))
        found.append(
            Target(
                name=name,
                platform="frr",
                kind="router",
                connection=Connection(address=f"{network}.{number}"),
                interfaces=tuple(wires),
                variables={"ansible_host": f"{network}.{number}"},
            )
        )
    return found


def _site(root: Path, targets: list[Target]) -> LabSite:
    folder = root / ".dcctl/lab"
    status = lab.up(targets, [], folder)
    overlay = json.loads((folder / "overlay.json").read_text())
    reached = {
        target.name: dataclasses.replace(
            target,
            connection=Connection(
                known_hosts=str(folder / "known_hosts"), **overlay["targets"][target.name]
            ),
        )
        for target in targets
    }
    return LabSite(
        root=root,
        folder=folder,
        targets=reached,
        credentials=overlay["credentials"],
        status=status,
    )


def need_root() -> None:
    """Skip where there is no root: real hosts can't be made without."""
    if os.geteuid() != 0:
        pytest.skip("real hosts need root")


@pytest.fixture(scope="module")
def lab_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabSite]:
    """Servers hl-mgt-a01, hl-cmp-a01, hl-sto-a01 (two disks), hl-bak-a01; routers hl-oob-r1..r3."""
    need_root()
    root = tmp_path_factory.mktemp("site")
    targets = [
        server("hl-mgt-a01", "10.60.10.11"),
        server("hl-cmp-a01", "10.60.11.11"),
        server("hl-sto-a01", "10.60.12.11", "LABSTO1", "LABSTO2"),
        server("hl-bak-a01", "10.60.13.11"),
        *triangle("hl-oob-r1", "hl-oob-r2", "hl-oob-r3"),
    ]
    site = _site(root, targets)
    yield site
    lab.down(site.folder)


@pytest.fixture
def raise_lab(tmp_path: Path) -> Iterator[Callable[..., LabSite]]:
    """Raise a lab of one's own; it is taken away after the test, whatever the test did to it."""
    need_root()
    folders: list[Path] = []

    def raising(*targets: Target) -> LabSite:
        root = tmp_path / f"site{len(folders)}"
        folders.append(root / ".dcctl/lab")
        return _site(root, list(targets))

    yield raising
    for folder in folders:
        lab.down(folder)
