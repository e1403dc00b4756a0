"""The sample estate through dcctl's loader: no complaint, a configuration for every router."""

from __future__ import annotations

import re

import pytest
import yaml

from dcctl import discovery, estate
from dcctl.planning.render import render, template_paths
from tests.unit.site.conftest import INVENTORY

ROOT = discovery.data_root()
ROUTERS = (
    *("arista_eos", "cisco_nxos", "cisco_xe", "cisco_xr", "frr", "huawei_vrp", "juniper_junos"),
    "nokia_sros",
)
# How each writes its own name, and where a hash may stand.
NAMED = r"(?:host-?name|sysname|name) \"?{name}\"?$"
HASHES = (
    r"\bsecret (?!9 \$9\$|10 \$6\$|sha512 \$6\$|\"?«secret:)"
    r"|-password (?!\"\$6\$|hmac-md5 clear «secret:)"
)


@pytest.fixture(scope="module")
def sample():
    return estate.load(ROOT)


@pytest.fixture(scope="module")
def configurations(sample):
    paths = template_paths(ROOT)
    targets = [sample.target(name) for name in sample.names]
    return {
        target.name: (target, render(target, paths))
        for target in targets
        if target.managed and target.platform != "linux"
    }


def test_dcctl_has_nothing_to_complain_of():
    assert [str(one) for one in estate.check(ROOT)] == []


def test_every_network_target_has_a_configuration(configurations):
    assert len(configurations) == 75
    assert {target.platform for target, _ in configurations.values()} == set(ROUTERS)


def test_a_configuration_says_all_that_the_design_says(configurations):
    for name, (target, text) in configurations.items():
        assert re.search(NAMED.format(name=name), text, re.MULTILINE), name
        linked = [port for port in target.interfaces if port.link and port.medium != "oob"]
        assert linked, name
        for port in linked:
            assert f"to {port.peer} {port.peer_interface}" in text, name
            assert port.address.split("/")[0] in text, name
        for neighbor in target.intent["routing"]["bgp_neighbors"]:
            assert neighbor["name"] != name
            assert neighbor["address"] in text, name
        net = target.intent["routing"]["isis_net"]
        area, system_id = net[:7], net[8:22]  # SR OS writes them apart
        assert net in text or (area in text and system_id in text), name


def test_no_configuration_carries_anything_unfinished(configurations):
    for name, (_, text) in configurations.items():
        assert not re.search(r"\bNone\b|{{|{%|}}|%}|Undefined| $", text, re.MULTILINE), name
        assert not re.search(HASHES, text), name
        assert "\n\n" not in text, name


def test_only_one_way_hashes_stand_in_the_inventory():
    text = "".join(path.read_text() for path in INVENTORY.rglob("*.yml"))
    users = yaml.load(
        (INVENTORY / "hosts" / "group_vars" / "backbone.yml").read_text(), yaml.CSafeLoader
    )
    for user in users["network_users"]:
        assert user["hashes"]["cisco_xe"].startswith("$9$")
        assert user["hashes"].keys() == {*ROUTERS} - {"frr"}
        assert all(re.match(r"\$(?:[1569]|2y|1c)\$", one) for one in user["hashes"].values())
    assert not re.search(r"^\s*(password|secret|community):", text, re.MULTILINE)


def test_both_ends_of_a_link_are_configured_alike(configurations, sample):
    for link in sample.links:
        ends = [configurations.get(end.host) for end in (link.a, link.b)]
        if not all(ends) or link.kind == "oob":
            continue
        for (target, _), other in zip(ends, (link.b, link.a), strict=True):
            port = next(one for one in target.interfaces if one.link == link.id)
            assert (port.peer, port.peer_interface) == (other.host, other.interface)
            assert port.peer_address == other.address
            assert port.mtu == link.mtu
            assert ("isis" in port.protocols) == (link.isis_metric is not None)


def test_every_port_exists_on_the_metal(sample):
    types = {}
    for name in sample.names:
        target = sample.target(name)
        file = INVENTORY / "device_types" / f"{target.intent['device_type']}.yaml"
        if file not in types:
            types[file] = yaml.load(file.read_text(), yaml.CSafeLoader)
        ports = {str(port["name"]) for port in types[file]["interfaces"]}
        used = {port.name for port in target.interfaces if port.link}
        used |= {(target.intent.get("management") or {}).get("interface")} - {None}
        assert used <= ports, name


def test_every_device_type_file_is_used_and_keeps_the_librarys_habits(sample):
    used = {sample.target(name).intent["device_type"] for name in sample.names}
    files = {
        path.relative_to(INVENTORY / "device_types").with_suffix("").as_posix()
        for path in (INVENTORY / "device_types").rglob("*.yaml")
    }
    assert used == files
    for name in files:
        data = yaml.load(
            (INVENTORY / "device_types" / f"{name}.yaml").read_text(), yaml.CSafeLoader
        )
        assert data["slug"] == name.replace("/", "-")
        assert {"manufacturer", "model", "part_number", "u_height", "is_full_depth"} <= set(data)


def test_unmanaged_gear_is_of_another_make_or_kind(sample):
    unmanaged = {n for n in sample.names if not sample.target(n).managed}
    assert {sample.target(name).kind for name in unmanaged} == {"switch", "oob", "transport", "pdu"}
    makers = {sample.target(name).intent["device_type"].split("/")[0] for name in sample.names}
    assert len(makers) >= 6


def test_the_documentation_knows_every_key_of_a_host():
    from dcctl.estate.schema.host import HostIntent

    page = (ROOT / "docs" / "inventory.md").read_text()
    missing = [key for key in HostIntent.model_fields if f"`{key}`" not in page]
    assert missing == []
