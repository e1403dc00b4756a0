"""Lab and live never mix."""

from __future__ import annotations

import json

import pytest

from dcctl import estate
from dcctl.errors import ExitCode, InvalidInput, NotFound, Refused
from tests.unit.estate import site

OVERLAY = {
    "lab_id": "a1b2c3",
    "targets": {
        "s1": {
            "address": "127.77.0.11",
            "port": 2200,
            "credential": "lab-server",
            "host_key_alias": "s1",
        },
        "r1": {"address": "127.77.0.12", "port": 2201, "credential": "lab-network"},
        "gone": {"address": "127.77.0.13", "port": 2202},
    },
    "credentials": {
        "lab-server": {"username": "root", "key": "/somewhere/key"},
        "lab-network": {"username": "netops", "password": "file:/somewhere/password"},
    },
}


def _site(root, **changes):
    site.write(root)
    folder = root / ".dcctl/lab"
    folder.mkdir(parents=True)
    (folder / "overlay.json").write_text(json.dumps({**OVERLAY, **changes}))
    return root


def _with_target(root, **changes):
    return _site(root, targets={"s1": {**OVERLAY["targets"]["s1"], **changes}})


def test_connections_lead_to_the_twins(tmp_path):
    lab = estate.load(_site(tmp_path), lab=True)
    assert lab.lab
    connection = lab.target("s1").connection
    assert (connection.address, connection.port, connection.credential) == (
        "127.77.0.11",
        2200,
        "lab-server",
    )
    assert connection.known_hosts == str(tmp_path / ".dcctl/lab/known_hosts")
    assert lab.target("r1").connection.host_key_alias == "r1"
    assert lab.target("s1").variables["ansible_host"] == "10.0.1.1"
    assert lab.target("s1").intent["management_address"] == "10.0.1.1"


def test_the_lab_has_its_own_credentials_and_journal(tmp_path):
    config = estate.load(_site(tmp_path), lab=True).site_config
    assert set(config.credentials) == {"lab-server", "lab-network"}
    assert config.journal_url == "sqlite:///.dcctl/lab/journal.db"
    assert config.journal_id == ""


def test_without_the_flag_the_overlay_is_not_there(tmp_path):
    live = estate.load(_site(tmp_path))
    assert not live.lab
    assert live.target("s1").connection.address == "10.0.1.1"
    assert set(live.site_config.credentials) == {"servers", "network"}
    assert "s2" in live.names


def test_only_twins_can_be_selected(tmp_path):
    lab = estate.load(_site(tmp_path), lab=True)
    assert lab.names == ("r1", "s1")
    assert lab.select() == lab.select("all") == ("r1", "s1")
    assert lab.select("servers") == ("s1",)
    assert lab.groups["servers"] == ("s1",)


def test_what_has_no_twin_is_refused_by_name(tmp_path):
    lab = estate.load(_site(tmp_path), lab=True)
    for ask in (
        lambda: lab.target("s2"),
        lambda: lab.select("s1,s2"),
        lambda: lab.select("servers:!s1"),
    ):
        with pytest.raises(Refused) as caught:
            ask()
        assert caught.value.exit_code is ExitCode.REFUSED
    with pytest.raises(NotFound):
        lab.target("gone")


@pytest.mark.parametrize(
    "address",
    ["10.0.1.1", "0.0.0.0", "localhost", "127.0.0.1.example", "::ffff:10.0.0.1", "", None, 127],
)
def test_an_address_that_is_not_loopback_is_refused(tmp_path, address):
    with pytest.raises(InvalidInput, match="which is not loopback"):
        estate.load(_with_target(tmp_path, address=address), lab=True)


def test_ipv6_loopback_is_loopback(tmp_path):
    lab = estate.load(_with_target(tmp_path, address="::1"), lab=True)
    assert lab.target("s1").connection.address == "::1"


@pytest.mark.parametrize(
    "change", [{"port": 0}, {"port": "22"}, {"port": True}, {"credential": "none"}]
)
def test_a_broken_entry_is_refused(tmp_path, change):
    with pytest.raises(InvalidInput):
        estate.load(_with_target(tmp_path, **change), lab=True)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"targets": []}', '{"targets": {"s1": 5}}', "\0"])
def test_a_broken_overlay_is_refused(tmp_path, text):
    _site(tmp_path)
    (tmp_path / ".dcctl/lab/overlay.json").write_text(text)
    with pytest.raises(InvalidInput) as caught:
        estate.load(tmp_path, lab=True)
    assert caught.value.place.file == ".dcctl/lab/overlay.json"


def test_no_lab_is_told_to_who_asks_for_a_target(tmp_path):
    lab = estate.load(site.write(tmp_path), lab=True)
    assert lab.site_config.journal_url == "sqlite:///.dcctl/lab/journal.db"  # reports need no more
    assert lab.site_config.credentials == {}
    for ask in (lambda: lab.names, lab.select, lambda: lab.target("s1"), lambda: lab.groups["all"]):
        with pytest.raises(InvalidInput, match="no lab is up") as caught:
            ask()
        assert str(caught.value.hint) == "dcctl lab up"


def test_a_way_through_the_lab_s_own_jump_hosts(tmp_path):
    hop = {"address": "127.77.0.99", "port": 2200, "credential": "lab-network"}
    line = {"address": "127.77.0.98", "port": 2200, "credential": "lab-network"}
    targets = {**OVERLAY["targets"], "r1": {**OVERLAY["targets"]["r1"], "jump": ["s1"]}}
    parts = {"targets": targets, "jump_hosts": {"s1": hop}, "consoles": {"r1": line}}
    target = estate.load(_site(tmp_path / "good", **parts), lab=True).target("r1")
    assert [one.address for one in target.connection.jump] == ["127.77.0.99"]
    assert target.console.address == "127.77.0.98"
    for number, wrong in enumerate(
        (
            {"jump_hosts": {}},
            {"jump_hosts": {"s1": {**hop, "address": "10.0.1.1"}}},
            {"consoles": {"r1": {**line, "address": "10.0.1.1"}}},
            {"consoles": []},
        )
    ):
        with pytest.raises(InvalidInput):
            estate.load(_site(tmp_path / f"bad{number}", **{**parts, **wrong}), lab=True)


def test_in_the_lab_every_mirror_is_the_labs_own_or_there_is_none(tmp_path):
    _site(tmp_path, mirror={"address": "127.77.0.99", "port": 2209})
    file = f"[{{name: a.bin, size: 1, sha512: {'a' * 128}}}]"
    (tmp_path / "inventory/images.yml").write_text(
        "mirrors: {HERE: {scheme: https, host: 10.9.9.9, credential: network}}\n"
        f'images: {{one: {{platform: cisco_xe, version: "1", files: {file}}}}}\n'
    )
    live, lab = (estate.load(tmp_path, lab=one).mirrors["HERE"] for one in (False, True))
    assert (live.scheme, live.host) == ("https", "10.9.9.9")
    assert (lab.scheme, lab.host, lab.port, lab.credential) == ("http", "127.77.0.99", 2209, "")
    (tmp_path / ".dcctl/lab/overlay.json").write_text(json.dumps(OVERLAY))
    assert estate.load(tmp_path, lab=True).mirrors == {}


def test_a_mirror_that_is_not_loopback_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match="not loopback"):
        estate.load(_site(tmp_path, mirror={"address": "10.0.0.1", "port": 80}), lab=True)
