"""With --lab the way to a target is the estate's: through jump hosts, and to its console."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace

import pytest

from dcctl import discovery, estate, executors, lab
from dcctl.contracts import Context
from dcctl.errors import Unreachable
from dcctl.executors import hostkeys, transport
from dcctl.model.status import ReadingStatus

ROOT = discovery.data_root()
OWN = """\
dcctl:
  jump: [hl-mgt-a01, hl-mgt-b01]
  console: {server: hl-mgt-a01, port: 7}
"""


@pytest.fixture
def site(tmp_path):
    shutil.copytree(ROOT / "inventory", tmp_path / "inventory")
    shutil.copy(ROOT / "dcctl.yml", tmp_path)
    own = tmp_path / "inventory/hosts/host_vars/p01-pe1.yml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(OWN)
    live = estate.load(tmp_path)
    lab.up([live.target("p01-pe1"), live.target("p01-pe2")], live.links, tmp_path / ".dcctl/lab")
    yield tmp_path
    lab.down(tmp_path / ".dcctl/lab")


def test_the_lab_is_reached_as_the_estate_is(site):
    loaded = estate.load(site, lab=True)
    target = loaded.target("p01-pe1")
    assert [hop.host_key_alias for hop in target.connection.jump] == [
        "hl-mgt-a01.jump",
        "hl-mgt-b01.jump",
    ]
    assert loaded.target("p01-pe2").connection.jump == ()
    context = Context(
        run="run",
        shard="shard",
        folder=str(site),
        site_root=str(site),
        lab=True,
        options={"credentials": loaded.site_config.credentials, "timeouts": {"connect": 10}},
        emit=lambda *_, **__: None,
        keep=lambda content, **_: hashlib.sha256(str(content).encode()).hexdigest(),
        cancelled=lambda: False,
    )
    executor = executors.build("device_session", context)
    try:
        readings = executor.read(target, ("version", "transport"))
    finally:
        executor.close()
    assert {reading.status for reading in readings.values()} == {ReadingStatus.PARSED}
    assert readings["transport"].value.through == ("hl-mgt-a01.jump", "hl-mgt-b01.jump")
    assert target.console
    shown = hostkeys.fetch(target.console, context.options, base=site)
    assert hostkeys.known(target.console.known_hosts, "p01-pe1.console")[shown.type] in shown.line
    # A jump host of the lab leads to the lab, and to nothing else.
    out = replace(target.connection, address="192.0.2.1", port=22)
    with pytest.raises(Unreachable, match="jump host"):
        transport.connect(out, context)
