"""A small sound estate, written into a folder, to be spoilt by a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILES = {
    "dcctl.yml": """\
estate: small
credentials:
  servers: {username: dcctl, agent: true}
  network: {username: netops, password: "env:NETOPS"}
concurrency: 5
site_caps: {HERE: 2}
""",
    "inventory/hosts/routers.yml": """\
routers:
  hosts:
    r1:
      ansible_host: 10.0.0.1
      dcctl:
        position: 10
        serial: R1
        loopback: 10.255.0.1/32
        management: {interface: mgmt0, address: 10.0.0.1/24}
        routing: {asn: 64512, isis_net: "49.0001.0102.5500.0001.00", bgp_neighbors: [r2]}
    r2:
      ansible_host: 10.0.0.2
      dcctl:
        position: 11
        serial: R2
        loopback: 10.255.0.2/32
        routing: {asn: 64512}
""",
    "inventory/hosts/servers.yml": """\
servers:
  vars:
    time_zone: Asia/Ho_Chi_Minh
  hosts:
    s1:
      ansible_host: 10.0.1.1
      dcctl:
        position: 1
        serial: S1
        bmc: {address: 10.0.2.1}
    s2:
      ansible_host: 10.0.1.2
      dcctl:
        position: 3
        serial: S2
        bmc: {address: 10.0.2.2}
""",
    "inventory/hosts/group_vars/all.yml": """\
dcctl:
  site: HERE
  rack: R-1
""",
    "inventory/hosts/group_vars/routers.yml": """\
dcctl:
  kind: router
  platform: cisco_xe
  credential: network
""",
    "inventory/hosts/group_vars/servers.yml": """\
dcctl:
  kind: server
  platform: linux
  credential: servers
  device_type: acme/box
  roles: [base, accounts]
  services: {listening: [22], units: [ssh]}
""",
    "inventory/topology.yml": """\
sites:
  HERE: {name: Here, halls: [A]}
links:
  - id: r1--r2
    kind: fibre
    mtu: 9100
    bfd: true
    igp: {isis: {metric: 20}}
    a: {host: r1, interface: et-0/0/0, address: 10.1.0.0/31}
    b: {host: r2, interface: et-0/0/1, address: 10.1.0.1/31}
redundancy:
  - {name: pair, kind: core_pair, members: [r1, r2]}
""",
    "inventory/racks.yml": """\
halls:
  A: {site: HERE}
racks:
  R-1: {hall: A, height_u: 42, power_w: 3000}
""",
    "inventory/device_types/acme/box.yml": """\
manufacturer: Acme
model: Box
u_height: 2
""",
}


def write(root: Path, files: Mapping[str, str | bytes | None] | None = None) -> Path:
    """Write the estate with `files` over it (None takes one out) and give its root."""
    for shown, text in {**FILES, **(files or {})}.items():
        path = root / shown
        if text is None:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def changed(shown: str, *swaps: tuple[str, str]) -> dict[str, str]:
    """One of the files with texts swapped, each of which must be there."""
    text = FILES[shown]
    for old, new in swaps:
        assert old in text, (shown, old)
        text = text.replace(old, new, 1)
    return {shown: text}
