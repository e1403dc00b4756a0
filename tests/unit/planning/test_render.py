"""Rendering: precedence of folders, and errors that name the template's line."""

from __future__ import annotations

import pytest

from dcctl import discovery
from dcctl.errors import InvalidInput
from dcctl.model.target import Interface, Target
from dcctl.planning.render import entry_template, render, template_paths


@pytest.fixture
def write(tmp_path):
    def _write(text, name="devices/frr/config.j2", root="templates"):
        path = tmp_path / root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return tmp_path / root

    return _write


def router(**changes):
    return Target(
        **{
            "name": "r1",
            "platform": "frr",
            "kind": "router",
            "intent": {"loopback": "10.255.0.1/32"},
            "interfaces": (Interface(name="eth1", address="10.0.0.0/31"),),
            **changes,
        }
    )


def test_a_template_sees_the_target_and_may_ask_for_parts_of_an_address(write):
    folder = write(
        "hostname {{ target.name }}\n"
        "{% for port in target.interfaces %}\n"
        "{{ port.address | ip }} {{ port.address | netmask }} {{ port.address | wildcard }}\n"
        "{% endfor %}\n"
        "{{ '10.1.2.3/24' | network_address }}\n\n\n"
    )
    assert render(router(), [folder]) == (
        "hostname r1\n10.0.0.0 255.255.255.254 0.0.0.1\n10.1.2.0\n"
    )


def test_a_template_may_not_change_what_it_is_given(write):
    folder = write("{{ target.intent.loopback }} {{ target.intent.pop('loopback') }}\n")
    target = router()
    with pytest.raises(InvalidInput):
        render(target, [folder])
    assert target == router()


def test_an_undefined_variable_names_the_template_and_its_line(write):
    folder = write("hostname {{ target.name }}\n!\nntp {{ target.variables.time_servers }}\n")
    with pytest.raises(InvalidInput) as caught:
        render(router(), [folder])
    assert caught.value.place.file == str(folder / "devices/frr/config.j2")
    assert caught.value.place.line == 3
    assert "time_servers" in str(caught.value)
    assert "r1" in str(caught.value)


def test_the_line_is_that_of_an_included_template(write):
    write('{% include "devices/frr/part.j2" %}\n')
    folder = write("one\n{{ target.intent.routing.asn }}\n", "devices/frr/part.j2")
    with pytest.raises(InvalidInput) as caught:
        render(router(), [folder])
    assert caught.value.place.file.endswith("part.j2")
    assert caught.value.place.line == 2


def test_a_broken_template_names_its_line(write):
    folder = write("one\n{% if %}\n")
    with pytest.raises(InvalidInput) as caught:
        render(router(), [folder])
    assert caught.value.place.line == 2


def test_an_address_that_is_none_is_an_error_and_not_a_line(write):
    folder = write("one\n{{ target.name | netmask }}\n")
    with pytest.raises(InvalidInput) as caught:
        render(router(), [folder])
    assert caught.value.place.line == 2


def test_a_platform_without_a_template_says_where_to_write_one(write):
    folder = write("x\n")
    with pytest.raises(InvalidInput) as caught:
        render(router(platform="mikrotik"), [folder])
    assert "devices/mikrotik/config.j2" in str(caught.value)
    assert str(folder) in str(caught.value.hint)


def test_the_first_folder_wins(write):
    own = write("own\n", root="own")
    packaged = write("packaged\n", root="packaged")
    assert render(router(), [own, packaged]) == "own\n"
    assert render(router(), [packaged, own]) == "packaged\n"


def test_a_site_adds_a_platform_beside_the_packaged_ones(write, tmp_path):
    own = write("ros {{ target.name }}\n", entry_template("mikrotik"))
    paths = template_paths(tmp_path)
    assert paths == (own, discovery.data_root() / "templates")
    assert render(router(platform="mikrotik"), paths) == "ros r1\n"


def test_hiding_a_packaged_template_must_be_declared(write, tmp_path):
    own = write("mine\n")
    with pytest.raises(InvalidInput) as caught:
        template_paths(tmp_path)
    assert caught.value.place.file == str(own / "devices/frr/config.j2")
    declared = template_paths(tmp_path, ["templates/devices/frr/config.j2"])
    assert render(router(), declared) == "mine\n"


def test_a_site_that_is_the_package_itself_hides_nothing():
    root = discovery.data_root()
    assert template_paths(root) == (root / "templates",)
