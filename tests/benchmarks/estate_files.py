"""Writes a whole estate of any size: provinces, communes, racks of servers, links, redundancy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PROVINCES = (
    "01 04 08 11 12 14 15 19 20 22 24 25 31 33 37 38 40 42 44 46 48 51 52 56 66 68 75 79 80 82 86"
    " 91 92 96"
)
PER_RACK = 20
RACKS_PER_FILE = 10
IN_COMMUNE = (
    ("ce", "cisco_xe", "router"),
    ("sw", "unmanaged", "switch"),
    ("rl", "unmanaged", "transport"),
)

OTHERS = {"sw": "switch", "rl": "transport"}


@dataclass(frozen=True)
class Size:
    """How much there is to write."""

    elements: int = 10_000
    servers: int = 4_000


FULL = Size()


def generate(root: Path, size: Size = FULL) -> Path:
    """Write the estate's files below `root` and give `root` back."""
    _write(root / "dcctl.yml", _SITE)
    racks: list[str] = []
    links: list[str] = []
    groups: list[str] = []
    codes = PROVINCES.split()
    _core(root, racks, links)
    left = size.elements - 2
    for index, code in enumerate(codes):
        share = left // (len(codes) - index)
        left -= share
        groups.append(_province(root, code, index, share, racks, links))
    rows = _servers(root, size.servers, racks)
    _group_files(root, codes)
    sites = [f'  P{code}: {{name: Province {code}, province: "{code}"}}\n' for code in codes]
    pairs = [
        f"  - {{name: pe-{code}, kind: pe_pair, members: [p{code}-pe1, p{code}-pe2]}}\n"
        for code in codes
    ]
    _write(
        root / "inventory/topology.yml",
        'sites:\n  HOA-LAC: {name: Hoa Lac, province: "01", halls: [A]}\n'
        + "".join(sites)
        + "links:\n"
        + "".join(links)
        + "redundancy:\n  - {name: core, kind: core_pair, members: [hl-cor-r1, hl-cor-r2]}\n"
        + "".join(pairs),
    )
    _write(
        root / "inventory/racks.yml",
        "halls:\n  A: {site: HOA-LAC, name: Hall A}\nracks:\n" + "".join(racks),
    )
    children = "".join(f"    {row}:\n" for row in rows)
    _write(
        root / "inventory/hosts/groups.yml", f"servers:\n  children:\n{children}" + "".join(groups)
    )
    return root


def _core(root: Path, racks: list[str], links: list[str]) -> None:
    racks.append("  HL-CORE: {hall: A, row: A0, height_u: 48}\n")
    hosts = "".join(
        _element(
            f"hl-cor-r{n}", f"10.250.255.{n}", f"172.31.255.{n}", "HL-CORE", n * 10, f"JN{n:010d}"
        )
        for n in (1, 2)
    )
    _write(root / "inventory/hosts/core.yml", "core:\n  hosts:\n" + hosts)
    links.append(_link("core", "hl-cor-r1", "et-0/0/0", "hl-cor-r2", "et-0/0/0", 0))


def _province(
    root: Path, code: str, index: int, share: int, racks: list[str], links: list[str]
) -> str:
    """One file of PE routers and communes; gives the province's line for groups.yml."""
    group = f"p{code}"
    racks.append(f"  P{code}-R01: {{site: P{code}, height_u: 42, power_w: 3000}}\n")
    lines = [f"pe_{code}:\n  hosts:\n"]
    for n in (1, 2):
        lines.append(
            _element(
                f"p{code}-pe{n}", f"10.{100 + index}.255.{n}", f"172.30.{index}.{n}",
                f"P{code}-R01", n * 5, f"PE{code}{n:08d}",
            )
        )  # fmt: skip
        links.append(
            _link(f"p{code}-{n}", f"p{code}-pe{n}", "et-0/0/9", f"hl-cor-r{n}", f"et-1/0/{index}",
                  1 + index * 2 + n)
        )  # fmt: skip
    lines.append(f"communes_{code}:\n  hosts:\n")
    for count in range(share - 2):
        commune, which = divmod(count, len(IN_COMMUNE))
        kind = IN_COMMUNE[which][0]
        rack = f"P{code}-C{commune:03d}"
        name = f"p{code}-c{commune:03d}-{kind}"
        if which == 0:
            racks.append(f"  {rack}: {{site: P{code}, height_u: 12}}\n")
        lines.append(
            _element(
                name, f"10.{100 + index}.{commune}.{which + 1}", f"172.16.{index}.0", rack,
                which + 1, f"{kind.upper()}{code}{count:08d}", kind=kind,
            )
        )  # fmt: skip
        number = 200 + index * 700 + count
        upstream = f"p{code}-pe{commune % 2 + 1}" if which == 0 else f"p{code}-c{commune:03d}-ce"
        port = f"ge-0/{commune}" if which == 0 else f"ge-1/{which}"
        links.append(_link(f"{name}-up", name, "ge-0/0", upstream, port, number))
    _write(root / f"inventory/hosts/{group}.yml", "".join(lines))
    return f"{group}:\n  children: {{pe_{code}: , communes_{code}: }}\n"


def _element(
    name: str, address: str, loopback: str, rack: str, position: int, serial: str, kind: str = "pe"
) -> str:
    lines = [
        f"    {name}:\n      ansible_host: {address}\n      dcctl:\n",
        f"        rack: {rack}\n        position: {position}\n        serial: {serial}\n",
    ]
    if kind == "pe":
        lines.append(
            f"        management: {{interface: mgmt0, address: {address}/16}}\n"
            f"        loopback: {loopback}/32\n"
            f'        routing: {{router_id: {loopback}, isis_net: "49.0001.0000.0000.0001.00"}}\n'
        )
    elif kind == "ce":
        lines.append(
            f"        management: {{interface: GigabitEthernet0, address: {address}/24}}\n"
            "        routing: {bgp_neighbors: [hl-cor-r1, hl-cor-r2]}\n"
        )
    else:
        lines.append(f"        kind: {OTHERS[kind]}\n        platform: unmanaged\n")
    return "".join(lines)


def _link(name: str, a: str, port_a: str, b: str, port_b: str, number: int) -> str:
    base = f"10.{200 + number // 32768}.{number // 128 % 256}"
    low = number % 128 * 2
    return (
        f"  - {{id: {name}, kind: fibre, mtu: 9100, bfd: true, igp: {{isis: {{metric: 10}}}},\n"
        f"     a: {{host: {a}, interface: {port_a}, address: {base}.{low}/31}},\n"
        f"     b: {{host: {b}, interface: {port_b}, address: {base}.{low + 1}/31}}}}\n"
    )


def _servers(root: Path, count: int, racks: list[str]) -> list[str]:
    rows: list[str] = []
    for start in range(0, count, PER_RACK * RACKS_PER_FILE):
        row = start // (PER_RACK * RACKS_PER_FILE)
        rows.append(f"row_{row:02d}")
        lines = [f"{rows[-1]}:\n  hosts:\n"]
        for number in range(start, min(start + PER_RACK * RACKS_PER_FILE, count)):
            rack, slot = divmod(number, PER_RACK)
            if slot == 0:
                racks.append(f"  HL-A-R{rack:03d}: {{hall: A, row: A{row}, height_u: 42}}\n")
            host, rest = f"hl-cmp-{number:05d}", f"{number // 250}.{number % 250 + 1}"
            lines.append(
                f"    {host}:\n      ansible_host: 10.60.{rest}\n      dcctl:\n"
                f"        rack: HL-A-R{rack:03d}\n        position: {slot * 2 + 1}\n"
                f"        serial: CZ{number:08d}\n        bmc: {{address: 10.61.{rest}}}\n"
            )
            if number % 25 == 0:
                _write(
                    root / f"inventory/hosts/host_vars/{host}.yml",
                    f"base_comment: spare {number}\ndcctl:\n  asset_tag: AT-{number}\n",
                )
        _write(root / f"inventory/hosts/servers_{row:02d}.yml", "".join(lines))
    return rows


def _group_files(root: Path, codes: list[str]) -> None:
    folder = root / "inventory/hosts/group_vars"
    for name, text in _VARIABLES.items():
        _write(folder / f"{name}.yml", text)
    for code in codes:
        _write(
            folder / f"p{code}.yml",
            f'province_code: "{code}"\ndcctl:\n  site: P{code}\n  kind: router\n'
            "  platform: cisco_xe\n  credential: network\n",
        )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("---\n" + text, encoding="utf-8")


_SITE = """estate: benchmark
credentials:
  servers: {username: dcctl, agent: true}
  network: {username: netops, password: "env:NETWORK_PASSWORD"}
"""
_VARIABLES = {
    "all": """time_zone: Asia/Ho_Chi_Minh
management_networks: [10.60.0.0/16, 10.61.0.0/16]
login_banner: Authorised staff only. All activity is recorded.
time_sync_servers: [10.60.0.1, 10.60.0.2]
logging_collectors: [10.60.0.3, 10.60.0.4]
""",
    "core": """dcctl:
  site: HOA-LAC
  kind: router
  platform: juniper_junos
  credential: network
bgp_route_reflector: true
""",
    "servers": """dcctl:
  site: HOA-LAC
  kind: server
  platform: linux
  credential: servers
  roles: [base, accounts, ssh_hardening, time_sync, logging, firewall]
  services: {listening: [22], units: [ssh, chrony, rsyslog]}
base_packages: [ca-certificates, iproute2, less, locales, lsof, rsync, sudo]
accounts_users:
  - {name: dcctl, admin: true, keys: [ssh-ed25519 AAAA dcctl]}
  - {name: ops, admin: true, keys: [ssh-ed25519 BBBB ops]}
""",
}
