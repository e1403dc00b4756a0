"""Which mirror an element fetches from, and how long it may take."""

from __future__ import annotations

import pytest

from dcctl.model.estate import Site
from dcctl.model.target import Target
from dcctl.model.upgrade import Image, ImageFile, Mirror, StagingPolicy
from dcctl.planning.staging import mirror_for, stage_order, stage_step
from dcctl.platforms import get

SITES = {
    "HL": Site(code="HL", name="Hòa Lạc", province="01", anchor=True),
    "P01": Site(code="P01", name="Hà Nội", province="01"),
    "C01": Site(code="C01", name="Ba Vì", province="01"),
    "P79": Site(code="P79", name="TP. HCM", province="79"),
    "X": Site(code="X", name="without a province"),
}


@pytest.mark.parametrize(
    ("site", "mirrors", "nearest"),
    [
        ("P79", ("HL", "P79"), "P79"),
        ("P79", ("HL", "P01"), "HL"),
        ("P79", ("P01",), None),
        ("C01", ("HL", "P01"), "P01"),
        ("C01", ("HL",), "HL"),
        ("X", ("P01", "HL"), "HL"),
        ("nowhere", ("HL",), "HL"),
        ("P01", (), None),
    ],
)
def test_the_nearest_mirror(site, mirrors, nearest):
    known = {code: Mirror(site=code, scheme="http", host=code) for code in mirrors}
    target = Target(name="r", platform="cisco_xe", kind="router", site=site)
    found = mirror_for(target, known, SITES)
    assert (found.site if found else None) == nearest


def test_a_slow_line_shared_by_many_gets_its_time():
    image = Image(
        name="i",
        platform="cisco_xe",
        version="1",
        files=(ImageFile(name="f", size=1_000_000_000, sha512=""),),
    )
    target = Target(name="r", platform="cisco_xe", kind="router", site="P01")
    policy = StagingPolicy(caps_mbps={"P01": 10, "default": 50})
    order = stage_order(target, image, None, policy)
    assert order.cap_mbps == 10
    alone, beside = (
        stage_step(target, get("cisco_xe"), order, fellows).settings["timeout_s"]
        for fellows in (1, 20)
    )
    assert alone > 8e9 / 10e6
    assert beside > 20 * 8e9 / 10e6
