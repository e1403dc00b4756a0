"""An access list that would shut out whoever configures the element is not rendered."""

from __future__ import annotations

import pytest

from dcctl.errors import InvalidInput
from dcctl.model.target import Connection, Target
from dcctl.planning.render import render

LIST = "{% for one in target.variables.nets | admitting(target) %}permit {{ one }}\n{% endfor %}"


@pytest.fixture
def made(tmp_path):
    folder = tmp_path / "templates/devices/frr"
    folder.mkdir(parents=True)
    (folder / "config.j2").write_text(LIST)

    def _made(nets, *jump):
        hops = tuple(Connection(address=one) for one in jump)
        target = Target(
            name="r1",
            platform="frr",
            kind="router",
            variables={"nets": nets},
            connection=Connection(address="10.62.1.11", jump=hops),
        )
        return render(target, [tmp_path / "templates"])

    return _made


def test_without_a_bastion_nobody_can_know(made):
    assert made(["10.60.0.0/16"]) == "permit 10.60.0.0/16\n"


def test_the_last_bastion_is_where_a_session_comes_from(made):
    assert made(["10.60.0.0/16"], "192.0.2.1", "10.60.0.9") == "permit 10.60.0.0/16\n"
    with pytest.raises(InvalidInput, match=r"10\.61\.0\.9"):
        made(["10.60.0.0/16"], "10.60.0.9", "10.61.0.9")


def test_a_list_without_a_network_lets_nobody_in(made):
    with pytest.raises(InvalidInput, match="nobody"):
        made([])


def test_a_lab_is_dialled_from_nowhere_near(made):
    assert made(["10.60.0.0/16"], "127.0.0.1")
