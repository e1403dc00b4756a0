"""What the sample estate promises: size, names, and that its parts agree with each other."""

from __future__ import annotations

from collections import Counter
from ipaddress import ip_address, ip_interface, ip_network

import pytest
import yaml

from tests.unit.site.conftest import INVENTORY

PROVINCES = {
    "01": "Hà Nội", "04": "Cao Bằng", "08": "Tuyên Quang", "11": "Điện Biên", "12": "Lai Châu",
    "14": "Sơn La", "15": "Lào Cai", "19": "Thái Nguyên", "20": "Lạng Sơn", "22": "Quảng Ninh",
    "24": "Bắc Ninh", "25": "Phú Thọ", "31": "Hải Phòng", "33": "Hưng Yên", "37": "Ninh Bình",
    "38": "Thanh Hóa", "40": "Nghệ An", "42": "Hà Tĩnh", "44": "Quảng Trị", "46": "Huế",
    "48": "Đà Nẵng", "51": "Quảng Ngãi", "52": "Gia Lai", "56": "Khánh Hòa", "66": "Đắk Lắk",
    "68": "Lâm Đồng", "75": "Đồng Nai", "79": "Thành phố Hồ Chí Minh", "80": "Tây Ninh",
    "82": "Đồng Tháp", "86": "Vĩnh Long", "91": "An Giang", "92": "Cần Thơ", "96": "Cà Mau",
}  # fmt: skip
CODES = sorted(PROVINCES)
ALLOWED = [
    ip_network(text)
    for text in (
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",  # private: RFC 1918
        "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",  # documentation: RFC 5737
    )
]  # fmt: skip


def ends(topology):
    return [(link, link[side]) for link in topology["links"] for side in ("a", "b")]


def uplinks(topology, host):
    """The cores that `host` has a link to."""
    return {
        link[far]["host"]
        for link in topology["links"]
        for near, far in (("a", "b"), ("b", "a"))
        if link[near]["host"] == host and link[far]["host"].startswith("hl-cor-")
    }


def test_ansible_reads_it_without_a_word(ansible_inventory):
    assert ansible_inventory[1] == ""


def test_it_is_as_large_as_it_says(members, racks, hostvars):
    assert set(racks["halls"]) == {"A", "B"}
    assert len([name for name, rack in racks["racks"].items() if "hall" in rack]) >= 12
    servers = members("servers")
    assert len(servers) == 40
    assert all("address" in hostvars[name]["dcctl"]["bmc"] for name in servers)
    for kind in ("compute", "storage", "management", "backup"):
        assert {name[7] for name in members(kind)} == {"a", "b"}, f"{kind} stands in both halls"
    for group, count in {
        "core": 2, "aggregation": 2, "firewalls_perimeter": 2, "firewalls_management": 2,
        "spines": 4, "leaves": 8, "oob_routers": 3, "dwdm_ring_north": 7, "dwdm_ring_south": 12,
    }.items():  # fmt: skip
        assert len(members(group)) == count, group


def test_the_34_provinces_are_there_by_name_and_code(topology):
    found = {
        site["province"]: site["name"]
        for code, site in topology["sites"].items()
        if code == f"P{site['province']}"
    }
    assert found == PROVINCES
    assert len(PROVINCES) == 34


@pytest.mark.parametrize("code", CODES)
def test_a_province_has_two_pe_routers_that_share_no_fate(code, members, topology):
    pair = [f"p{code}-pe1", f"p{code}-pe2"]
    assert members(f"p{code}") == pair
    groups = [group for group in topology["redundancy"] if set(group["members"]) & set(pair)]
    assert [(group["kind"], group["members"]) for group in groups] == [("pe_pair", pair)]
    assert [uplinks(topology, name) for name in pair] == [{"hl-cor-r1"}, {"hl-cor-r2"}]
    between = [
        link for link in topology["links"] if {link["a"]["host"], link["b"]["host"]} == set(pair)
    ]
    assert len(between) == 1


def test_both_ends_of_every_link_agree(topology, hostvars):
    assert not [
        kind for kind, n in Counter(link["id"] for link in topology["links"]).items() if n > 1
    ]
    used = Counter((end["host"], end["interface"]) for _, end in ends(topology))
    assert not [port for port, count in used.items() if count > 1]
    for link, end in ends(topology):
        assert end["host"] in hostvars, link["id"]
    for link in topology["links"]:
        given = [link[side].get("address") for side in ("a", "b")]
        assert all(given) or not any(given), link["id"]
        if all(given):
            one, other = (ip_interface(address) for address in given)
            assert one.network == other.network, link["id"]
            assert one.network.prefixlen == 31, link["id"]
        assert all(given) or "igp" not in link, link["id"]


def all_addresses(topology, hostvars):
    for link, end in ends(topology):
        if "address" in end:
            yield ip_interface(end["address"]).ip, link["id"]
    for name, variables in hostvars.items():
        yield ip_address(variables["ansible_host"]), name
        own = variables["dcctl"]
        if "bmc" in own:
            yield ip_address(own["bmc"]["address"]), f"{name} bmc"
        if "loopback" in own:
            yield ip_interface(own["loopback"]).ip, f"{name} loopback"


def test_addresses_are_unique_and_nobody_elses(topology, hostvars):
    found = list(all_addresses(topology, hostvars))
    assert not [address for address, count in Counter(a for a, _ in found).items() if count > 1]
    assert not [
        (address, place) for address, place in found if not any(address in net for net in ALLOWED)
    ]


def test_a_routers_identities_follow_from_its_loopback(hostvars):
    for name, variables in hostvars.items():
        own = variables["dcctl"]
        if "loopback" not in own:
            continue
        loopback = own["loopback"].removesuffix("/32")
        digits = "".join(f"{int(part):03}" for part in loopback.split("."))
        assert own["routing"]["router_id"] == loopback, name
        system = f"{digits[:4]}.{digits[4:8]}.{digits[8:]}"
        assert own["routing"]["isis_net"] == f"49.0001.{system}.00", name
        assert own["management"]["address"].startswith(variables["ansible_host"] + "/"), name


def test_serial_numbers_are_unique(hostvars):
    serials = Counter(
        serial
        for variables in hostvars.values()
        for serial in (
            variables["dcctl"].get("serial"),
            *(d["serial"] for v in variables["dcctl"].get("volumes", ()) for d in v["disks"]),
        )
        if serial
    )
    assert not [serial for serial, count in serials.items() if count > 1]
    assert all(isinstance(serial, str) for serial in serials)


def test_every_group_variable_file_has_its_group(ansible_inventory):
    files = {path.stem for path in (INVENTORY / "hosts" / "group_vars").glob("*.yml")}
    assert files <= {*ansible_inventory[0], "all"}


def test_the_routers_are_pointed_at_the_time_servers_and_collectors(hostvars, members):
    def addresses(group):
        return [hostvars[name]["ansible_host"] for name in members(group)]

    for name in members("backbone"):
        assert hostvars[name]["time_sync_servers"] == addresses("time_servers")
        assert sorted(hostvars[name]["logging_collectors"]) == sorted(addresses("log_collectors"))


def test_the_cores_reflect_to_every_router_of_the_backbone(members):
    core = yaml.load(
        (INVENTORY / "hosts" / "group_vars" / "core.yml").read_text(), yaml.CSafeLoader
    )
    assert sorted(core["dcctl"]["routing"]["bgp_neighbors"]) == members("backbone")


def test_the_demo_has_all_it_needs(members):
    demo = set(members("lab_demo"))
    assert {"hl-sto-a01", "hl-oob-r1", "hl-cor-r1", "p79-pe2"} <= demo
    assert len(demo) == 13
    for group in ("time_servers", "log_collectors", "monitoring_collectors", "backup_repositories"):
        assert set(members(group)) <= demo, f"{group} would be missing in the lab"
    assert len(members("log_collectors")) == 2
