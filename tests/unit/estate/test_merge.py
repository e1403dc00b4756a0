"""What a target is made of: Ansible's merge for variables, a deep one for `dcctl`, its links."""

from __future__ import annotations

import pytest

from dcctl import estate
from dcctl.errors import NotFound
from dcctl.model.target import Interface
from tests.unit.estate import site


@pytest.fixture
def small(tmp_path):
    return estate.load(site.write(tmp_path))


def test_a_target_has_its_groups_variables_and_connection(small, tmp_path):
    target = small.target("s1")
    assert (target.platform, target.kind, target.site, target.rack) == (
        "linux",
        "server",
        "HERE",
        "R-1",
    )
    assert target.groups == ("servers",)
    assert target.roles == ("base", "accounts")
    assert target.variables == {"ansible_host": "10.0.1.1", "time_zone": "Asia/Ho_Chi_Minh"}
    assert target.connection.address == "10.0.1.1"
    assert target.connection.port == 22
    assert target.connection.credential == "servers"
    assert target.connection.host_key_alias == "s1"
    assert target.connection.known_hosts == str(tmp_path / "inventory/known_hosts")
    assert target.intent["management_address"] == "10.0.1.1"
    assert small.target("s1") is target


def test_dcctl_is_merged_deeply_and_everything_else_replaced(tmp_path):
    group = "inventory/hosts/group_vars/servers.yml"
    host = "dcctl: {services: {units: [ssh, chrony]}}\nplain: {b: {d: 3}}\n"
    files = {
        group: site.FILES[group] + "plain: {a: 1, b: {c: 2}}\n",
        "inventory/hosts/host_vars/s1.yml": host,
    }
    root = site.write(tmp_path, files)
    target = estate.load(root).target("s1")
    assert target.intent["services"] == {"listening": [22], "units": ["ssh", "chrony"]}
    assert target.intent["platform"] == "linux"
    assert target.variables["plain"] == {"b": {"d": 3}}


def test_the_merge_of_dcctl_follows_ansibles_precedence(tmp_path):
    """A deeper group wins over a shallower, a priority over a name, the host over all."""
    root = site.write(
        tmp_path,
        {
            "inventory/hosts/zones.yml": (
                "servers:\n  children:\n    inner:\n      hosts: {s1: , s2: }\n"
                "      vars: {dcctl: {asset_tag: inner, notes: inner, release: inner}}\n"
                "alpha:\n  hosts: {s1: }\n"
                "  vars: {dcctl: {asset_tag: alpha, minimum_release: alpha}}\n"
                "beta:\n  hosts: {s1: }\n  vars:\n    ansible_group_priority: 0\n"
                "    dcctl: {asset_tag: beta, minimum_release: beta}\n"
            ),
            "inventory/hosts/host_vars/s2.yml": "dcctl: {notes: host}\n",
        },
    )
    loaded = estate.load(root)
    assert loaded.target("s1").intent["asset_tag"] == "inner"
    assert loaded.target("s1").intent["minimum_release"] == "alpha"
    assert loaded.target("s2").intent["notes"] == "host"
    assert loaded.target("s2").intent["release"] == "inner"


def test_interfaces_know_their_far_ends(small):
    assert small.target("r1").interfaces == (
        Interface(
            name="et-0/0/0",
            address="10.1.0.0/31",
            mtu=9100,
            link="r1--r2",
            peer="r2",
            peer_interface="et-0/0/1",
            peer_address="10.1.0.1/31",
            medium="fibre",
            protocols=("isis", "bfd", "lldp"),
            metric=20,
        ),
        Interface(name="mgmt0", address="10.0.0.1/24"),
    )


def test_a_host_may_add_to_its_interfaces(tmp_path):
    changed = site.changed(
        "inventory/hosts/routers.yml",
        (
            "        serial: R1\n",
            (
                "        serial: R1\n        loopback_interface: lo0\n"
                "        interfaces: {et-0/0/0: {description: to r2}, et-0/0/5: {enabled: false}}\n"
            ),
        ),
    )
    ports = {
        port.name: port
        for port in estate.load(site.write(tmp_path, changed)).target("r1").interfaces
    }
    assert ports["et-0/0/0"].description == "to r2"
    assert ports["et-0/0/0"].peer == "r2"
    assert not ports["et-0/0/5"].enabled
    assert ports["lo0"].address == "10.255.0.1/32"


def test_ospf_has_its_area_and_metric(tmp_path):
    changed = site.changed(
        "inventory/topology.yml",
        ("igp: {isis: {metric: 20}}", "igp: {ospf: {area: 0.0.0.7, metric: 5}}\n    ldp: true"),
    )
    loaded = estate.load(site.write(tmp_path, changed))
    port = loaded.target("r2").interfaces[0]
    assert (port.protocols, port.area, port.metric) == (
        ("ospf", "bfd", "ldp", "lldp"),
        "0.0.0.7",
        5,
    )
    link = loaded.links[0]
    assert (link.ospf_area, link.ospf_metric, link.isis_metric, link.ldp) == (
        "0.0.0.7",
        5,
        None,
        True,
    )


def test_the_estate_knows_its_topology(small):
    (link,) = small.links
    assert link.end("r2").interface == "et-0/0/1"
    assert link.far_end("r2").host == "r1"
    assert small.redundancy[0].members == ("r1", "r2")
    assert small.target("r1").redundancy_groups == ("pair",)
    assert small.racks["R-1"].site == "HERE"
    assert small.racks["R-1"].properties == {"power_w": 3000}
    assert small.sites["HERE"].halls == ("A",)
    assert small.groups["all"] == small.names
    assert small.groups["ungrouped"] == ()


def test_the_site_config_is_what_dcctl_yml_says(small):
    config = small.site_config
    assert (small.name, config.estate, config.concurrency) == ("small", "small", 5)
    assert config.credentials["network"] == {"username": "netops", "password": "env:NETOPS"}
    assert config.site_caps == {"HERE": 2}
    assert config.timeouts.connect == 15
    assert config.policy.canary == 1


def test_an_unknown_target_is_told_with_what_is_close(small):
    for name in ("s3", "servers", "s*", "all"):
        with pytest.raises(NotFound):
            small.target(name)
    with pytest.raises(NotFound) as caught:
        small.select("server")
    assert str(caught.value.hint) == "did you mean servers?"


def test_port_and_crypto_come_from_the_inventory(tmp_path):
    changed = site.changed(
        "inventory/hosts/routers.yml",
        ("    r1:\n", "    r1:\n      ansible_port: 2222\n"),
        (
            "        serial: R1\n",
            "        serial: R1\n        crypto: legacy\n",
        ),
    )
    connection = estate.load(site.write(tmp_path, changed)).target("r1").connection
    assert (connection.port, connection.crypto, connection.jump) == (2222, "legacy", ())


def test_the_whole_way_and_the_console_come_from_the_inventory(tmp_path):
    """s1 is behind s2, so that what is behind s1 is behind both."""
    console = "        console: {server: s2, port: 3, style: user, prefix: tty}\n"
    changed = site.changed(
        "inventory/hosts/routers.yml",
        ("        serial: R1\n", f"        serial: R1\n        jump: [s1]\n{console}"),
        (
            "        serial: R2\n",
            "        serial: R2\n        jump: [s2, s1]\n        console: {server: s1, port: 7}\n",
        ),
    ) | site.changed(
        "inventory/hosts/servers.yml",
        ("  serial: S1\n", "  serial: S1\n        crypto: compatible\n        jump: [s2]\n"),
    )
    loaded = estate.load(site.write(tmp_path, changed))
    near, far = loaded.target("r1").connection.jump
    assert (near.host_key_alias, near.address, near.credential) == ("s2", "10.0.1.2", "servers")
    assert (far.host_key_alias, far.address, far.crypto) == ("s1", "10.0.1.1", "compatible")
    assert near.jump == far.jump == ()
    assert near.known_hosts == far.known_hosts == str(tmp_path / "inventory/known_hosts")
    assert [hop.host_key_alias for hop in loaded.target("r2").connection.jump] == ["s2", "s1"]
    line = loaded.target("r2").console
    assert (line.address, line.port, line.host_key_alias) == ("10.0.1.1", 3007, "s1")
    assert [hop.host_key_alias for hop in line.jump] == ["s2"]
    assert (loaded.target("r1").console.port, loaded.target("r1").console.line) == (22, ":tty3")
    assert loaded.target("s2").console is None
