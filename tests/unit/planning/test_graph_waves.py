"""Waves from the graph, judged by brute force; the certificate, its checker and its forgeries."""

from __future__ import annotations

import ast
import copy
import json
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dcctl import estate
from dcctl.errors import InvalidInput, NotFound, Refused
from dcctl.model import plain
from dcctl.planning import certificate_checker
from dcctl.planning.certificate_checker import objections
from dcctl.planning.graph import (
    Down,
    Graph,
    Keeping,
    WaveKind,
    WavePlan,
    explain,
    graph_of,
    keeps,
    upgrade_waves,
)
from dcctl.planning.graph.model import Bound, Edge, Kept, Node
from tests.unit.planning.topologies import broken_promises, connected, cut_by, fewest, invent, up

ROOT = Path(__file__).parents[3]
SEEDS = st.integers(0, 10**6)


def as_json(value: Any) -> Any:
    return json.loads(json.dumps(plain.to_plain(value)))


def planned(seed: int, **more: Any) -> tuple[Graph, Down, WavePlan] | None:
    graph, down = invent(seed)
    try:
        return graph, down, upgrade_waves(graph, list(graph.hosts), already_down=down, **more)
    except Refused:  # the centre is in pieces already
        pieces = {
            frozenset(connected(graph, one, down.hosts, cut_by(graph, down)))
            for one in graph.anchors
        }
        assert len(pieces) > 1
        return None


def may_cut(plan: WavePlan, wave: tuple[str, ...]) -> set[str]:
    return {name for one in wave for name in plan.cutting.get(one, ())}


@settings(max_examples=100, deadline=None)
@given(SEEDS, st.integers(0, 4))
def test_no_wave_cuts_what_it_may_not(seed: int, size: int):
    canary = [f"e{n}" for n in range(seed % 3)]
    found = planned(seed, size=size, canary=canary)
    if found is None:
        return
    graph, down, plan = found
    assert sorted(one for wave in plan.waves for one in wave) == sorted(graph.hosts)
    for wave, kind in zip(plan.waves, plan.kinds, strict=True):
        assert not broken_promises(graph, down, wave, may_cut(plan, wave))
        assert not size or len(wave) <= size
        assert (kind is WaveKind.CUTTING) == bool(may_cut(plan, wave))
        assert kind is not WaveKind.CANARY or set(wave) <= set(canary)
        assert kind is not WaveKind.CHANGE or not set(wave) & set(canary)
    assert list(plan.kinds) == sorted(plan.kinds, key=list(WaveKind).index)
    for one in graph.hosts:
        assert bool(broken_promises(graph, down, [one])) == (one in plan.cutting)
    assert plan.lower_bound <= len(plan.waves)
    assert plan == upgrade_waves(
        graph, list(graph.hosts), already_down=down, size=size, canary=canary
    )


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_the_checker_accepts_every_certificate(seed: int):
    found = planned(seed)
    if found is not None:
        graph, _, plan = found
        assert objections(as_json(graph), as_json(plan.certificate)) == []


def forge(random: Random, graph: Graph, certificate: dict[str, Any]) -> None:
    """One lie, of one of many kinds."""
    waves = certificate["waves"]
    wave = random.choice(waves)
    kind = random.randrange(9)
    if kind == 0:  # an element goes earlier or later
        one = wave["down"].pop(random.randrange(len(wave["down"])))
        random.choice(waves)["down"].append(one)
    elif kind == 1:  # two waves become one
        wave["down"] += waves.pop(waves.index(random.choice(waves)))["down"]
    elif kind == 2:  # a gateway that is down or dark is said to have a path
        wave["lost"] = wave["lost"][1:]
    elif kind == 3:  # a path takes another link
        row = random.choice([certificate["tree"], wave["moved"]])
        row[random.choice(list(graph.hosts))] = random.choice([*graph.links, "no such link"])
    elif kind == 4:  # a path that moved did not
        wave["moved"] = {}
    elif kind == 5:  # nothing was down
        certificate["already_down"] = {"hosts": [], "links": []}
    elif kind == 6:  # no cut is told
        certificate["cuts"] = {}
    elif kind == 7:  # much was dark already
        certificate["island"] = sorted({*certificate["island"], random.choice(list(graph.hosts))})
    else:
        wave["centre"] = random.sample(list(graph.anchors), random.randint(0, len(graph.anchors)))


@settings(max_examples=250, deadline=None)
@given(SEEDS, SEEDS)
def test_what_the_checker_accepts_is_safe(seed: int, lie: int):
    """Whatever is forged: if the checker finds nothing, the oracle finds nothing either."""
    found = planned(seed)
    if found is None:
        return
    graph, down, plan = found
    certificate = as_json(plan.certificate)
    forge(Random(lie), graph, certificate)
    if objections(as_json(graph), certificate):
        return
    if certificate["already_down"] != as_json(plan.certificate["already_down"]):
        down = Down()
    taken = [one for wave in certificate["waves"] for one in wave["down"]]
    assert sorted(taken) == sorted(graph.hosts)
    for wave in certificate["waves"]:
        told = {name for one in wave["down"] for name in certificate["cuts"].get(one, ())}
        assert not broken_promises(graph, down, wave["down"], told)


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_the_lower_bound_is_never_above_the_best(seed: int):
    graph, down = invent(seed, size=9)
    try:
        alone = upgrade_waves(graph, list(graph.hosts), already_down=down)
    except Refused:
        return
    elements = [one for one in graph.hosts if one not in alone.cutting][:7]
    plan = upgrade_waves(graph, elements, already_down=down)
    best = fewest(graph, down, elements)
    assert plan.lower_bound <= best <= len(plan.waves)
    assert len(plan.waves) <= best + 1  # a heuristic; so far never worse on so few


# --- a network small enough to reason about


def small() -> Graph:
    """Two cores, two sites of two PEs each, and a hermit with one way in."""
    hosts = {"c1": Node(site="C"), "c2": Node(site="C")}
    for name in ("a1", "a2", "b1", "b2"):
        hosts[name] = Node(site=name[0].upper())
    hosts["h"] = Node(site="H")
    joined = ["c1 c2", "a1 c1", "a2 c2", "a1 a2", "b1 c1", "b2 c2", "h a1"]
    links = {
        text.replace(" ", "-"): Edge(
            hosts=(text[:2], text[3:]) if text[1] != " " else (text[0], text[2:]),
            interfaces=("x", "y"),
            ducts=("road",) if text in ("b1 c1", "a1 c1") else (),
        )
        for text in joined
    }
    kept = {
        "C": Kept(gateways=("c1", "c2"), tolerance=1),
        "A": Kept(gateways=("a1", "a2"), tolerance=1),
        "B": Kept(gateways=("b1", "b2"), tolerance=1),
        "H": Kept(gateways=("h",), tolerance=0),
    }
    return Graph(hosts=hosts, links=links, anchors=("c1", "c2"), kept=kept)


def test_what_must_be_cut_goes_in_waves_of_its_own_kind():
    plan = upgrade_waves(small(), ["c1", "a1", "b1", "c2", "a2", "b2", "h"])
    assert plan.cutting == {"a1": ("H",), "h": ("H",)}
    assert plan.waves == (("c1", "b1"), ("c2", "a2", "b2"), ("a1", "h"))
    assert plan.kinds == (WaveKind.CHANGE, WaveKind.CHANGE, WaveKind.CUTTING)
    assert plan.gap == 0


def test_a_link_that_is_down_takes_all_of_its_duct_along():
    graph = small()
    down = Down(links=frozenset({"b1-c1"}))
    plan = upgrade_waves(graph, ["b2", "a2", "c2"], already_down=down)
    # a1-c1 lies in the same duct: A and H, too, hang on c2 alone.
    assert plan.cutting == {"b2": ("B",), "a2": ("A", "H"), "c2": ("A", "B", "H")}
    free = upgrade_waves(graph, ["b2", "a2", "c2"])
    assert free.cutting == {}


def test_a_link_to_an_element_that_is_down_says_nothing_of_its_duct():
    down = Down(hosts=frozenset({"b1"}), links=frozenset({"b1-c1"}))
    assert upgrade_waves(small(), ["a2"], already_down=down).cutting == {}


def test_a_wave_dies_with_its_last_way():
    graph = small()
    hosts = {**graph.hosts, "w1": Node(site="W"), "w2": Node(site="W")}
    links = dict(graph.links)
    for name in ("w1", "w2"):
        links[f"{name}-b"] = Edge(hosts=("c1", name))
    links["b1-c1"] = Edge(hosts=("b1", "c1"), over=(("w1-b",), ("w2-b",)))
    links["b2-c2"] = Edge(hosts=("b2", "c2"), over=(("w1-b",),))
    graph = Graph(hosts=hosts, links=links, anchors=graph.anchors, kept=graph.kept)
    plan = upgrade_waves(graph, ["w1", "w2", "b1"])
    assert plan.cutting == {}
    # w1 takes the only way of b2's link, so whatever takes b1's goes without it.
    assert plan.waves == (("w1",), ("w2", "b1"))
    assert not up(graph, "b1-c1", {"w1", "w2"}, set())


def test_a_group_whose_other_member_is_down_needs_an_approval():
    graph = small()
    group = {"pair": ["a2", "b2"]}
    plan = upgrade_waves(graph, ["a2"], groups=group, already_down=Down(hosts=frozenset({"b2"})))
    assert plan.cutting == {"a2": ("group pair",)}
    assert len(upgrade_waves(graph, ["a2", "b2"], groups=group).waves) == 2


def test_a_site_that_is_dark_already_holds_nobody_up():
    graph = small()
    down = Down(hosts=frozenset({"b1", "b2"}))
    plan = upgrade_waves(graph, ["b1", "b2", "a2"], already_down=down)
    assert plan.waves == (("b1", "b2", "a2"),)
    assert objections(as_json(graph), as_json(plan.certificate)) == []


def test_a_centre_in_pieces_is_refused():
    with pytest.raises(Refused, match="c1, c2"):
        upgrade_waves(small(), ["b1"], already_down=Down(links=frozenset({"c1-c2", "a1-a2"})))
    with pytest.raises(Refused, match="centre"):
        upgrade_waves(small(), ["b1"], already_down=Down(hosts=frozenset({"c1", "c2"})))
    with pytest.raises(InvalidInput, match="nowhere"):
        upgrade_waves(small(), ["b1"], already_down=Down(links=frozenset({"nowhere"})))


def test_an_anchor_that_is_cut_off_takes_nobody_along():
    graph = small()
    hosts = {**graph.hosts, "x": Node(site="X"), "c0": Node(site="C")}
    links = {**graph.links, "c0-x": Edge(hosts=("c0", "x")), "x-c1": Edge(hosts=("x", "c1"))}
    graph = Graph(hosts=hosts, links=links, anchors=("c0", "c1", "c2"), kept=graph.kept)
    plan = upgrade_waves(graph, ["x", "b1"])
    assert (plan.waves, plan.cutting) == ((("x", "b1"),), {})
    assert plan.certificate["waves"][0]["centre"] == ["c1", "c2"]
    assert objections(as_json(graph), as_json(plan.certificate)) == []


# --- the sample estate


@pytest.fixture(scope="module")
def sample() -> tuple[Graph, WavePlan]:
    loaded = estate.load(ROOT)
    graph = graph_of(loaded)
    kinds = {"router", "switch", "transport"}
    elements = [name for name in loaded.names if loaded.target(name).kind in kinds]
    return graph, upgrade_waves(graph, elements, canary=["p79-pe1"])


def test_the_sample_needs_few_waves(sample: tuple[Graph, WavePlan]):
    graph, plan = sample
    assert graph.anchors == ("hl-cor-r1", "hl-cor-r2")
    assert graph.pathless == ()
    kinds = [kind.value for kind in plan.kinds]
    assert kinds == ["canary"] + 3 * ["change"] + 10 * ["cutting"]
    assert plan.gap == 0
    assert [one for one in plan.waves[3] if "oob" not in one] == []  # a triangle: one by one
    ours = [one for wave in plan.waves[:3] for one in wave]
    assert {"hl-cor-r1", "hl-cor-r2", "p01-pe1", "p01-pe2", "hl-dwd-a1"} <= set(ours)
    # A province's only DWDM node carries the waves of both its PEs.
    assert plan.cutting["p24-dwd"] == ("P24",)
    assert set(plan.cutting) == {one for one in graph.hosts if one[0] == "p" and "dwd" in one}


def test_what_stays_while_a_core_is_down(sample: tuple[Graph, WavePlan]):
    graph, plan = sample
    kept = keeps(graph, plan.certificate, "hl-cor-r2")
    assert {path.site for path in kept if path.site.startswith("P")} == {
        code for code in graph.kept if code.startswith("P")
    }
    path = next(path for path in kept if path.gateway == "p12-pe1")
    assert path.hosts == ("p12-pe1", "hl-cor-r1")
    link = path.links[0]
    assert link.id == "p12-pe1--hl-cor-r1"
    assert (link.a, link.b) == (
        ("p12-pe1", "TenGigabitEthernet0/0/0"),
        ("hl-cor-r1", "xe-0/0/4"),
    )
    assert {path.site for path in keeps(graph, plan.certificate, "hl-dwd-b1")} == {
        "P01", "P22", "P24", "P31", "P37"
    }  # fmt: skip


def test_kept_paths_avoid_what_is_down(sample: tuple[Graph, WavePlan]):
    graph, plan = sample
    keeping = Keeping(graph, plan.certificate)
    for wave in plan.waves:
        for one in wave:
            for path in keeping.of(one):
                assert not set(path.hosts) & set(wave)
                assert path.hosts[-1] in graph.anchors
                assert all(up(graph, link.id, wave, set()) for link in path.links)


def test_explain_tells_what_keeps_it_out(sample: tuple[Graph, WavePlan]):
    graph, plan = sample
    told = explain(graph, plan.certificate, "p24-pe2")
    assert (told.wave, told.kind) == (2, "change")
    (refusal,) = told.refusals
    assert refusal.bounds == {"group pe-p24": ("p24-pe1",), "site P24": ("p24-pe1",)}
    assert refusal.cut == {"P24": ("p24-pe2",)}
    words = [str(text) for text in told.sentences()]
    assert words[0] == "p24-pe2 is in wave 3 (change)"
    assert "P24 keeps the path p24-pe1 - hl-cor-r1" in words
    kinds = [wave["kind"] for wave in plan.certificate["waves"]]
    assert told.canaries == tuple(n for n in range(2) if kinds[n] == "canary") != ()
    assert "not in wave 1: its canaries, the first of each system, go before all" in words
    assert not any("{" in text for text in words)
    with pytest.raises(NotFound, match="nobody"):
        explain(graph, plan.certificate, "nobody")


def test_explain_names_the_duct():
    graph = small()
    hosts = {**graph.hosts, **{name: Node(site=name) for name in ("d1", "d2", "m1", "m2")}}
    joined = [("d1", "m1"), ("m1", "c2"), ("d2", "m2"), ("m2", "c2")]
    links = {**graph.links, **{"-".join(pair): Edge(hosts=pair) for pair in joined}}
    links["d1-c1"] = Edge(hosts=("d1", "c1"), ducts=("road",))
    kept = {**graph.kept, "D": Kept(gateways=("d1", "d2"), tolerance=1)}
    graph = Graph(hosts=hosts, links=links, anchors=graph.anchors, kept=kept)
    assert len(upgrade_waves(graph, ["m1", "m2"]).waves) == 1
    down = Down(links=frozenset({"b1-c1"}))
    plan = upgrade_waves(graph, ["m1", "m2"], already_down=down)
    assert [str(text) for text in explain(graph, plan.certificate, "m2").sentences()] == [
        "m2 is in wave 2 (change)",
        "not in wave 1: D would be cut, with d2 without a path",
        "not in wave 1: links in the ducts road count as cut",
        "D keeps the path d1 - m1 - c2",
    ]


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_every_earlier_wave_has_a_reason(seed: int):
    found = planned(seed)
    if found is None:
        return
    graph, _, plan = found
    # What cuts may join a wave that was opened to further cuts only after it was placed.
    for one in (one for wave in plan.waves for one in wave if one not in plan.cutting):
        for refusal in explain(graph, plan.certificate, one).refusals:
            assert refusal.bounds or refusal.cut


# --- the checker as a program


def run_checker(folder: Path, topology: Any, certificate: Any) -> subprocess.CompletedProcess[str]:
    text = json.dumps({"topology": topology, "certificate": certificate})
    return subprocess.run(
        [sys.executable, "-I", certificate_checker.__file__],
        input=text,
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )


def test_the_checker_runs_alone(tmp_path: Path, sample: tuple[Graph, WavePlan]):
    graph, plan = sample
    topology, certificate = as_json(graph), as_json(plan.certificate)
    good = run_checker(tmp_path, topology, certificate)
    assert (good.returncode, good.stderr) == (0, "")
    bad = copy.deepcopy(certificate)
    bad["waves"][1]["down"].append(bad["waves"][2]["down"].pop())
    told = run_checker(tmp_path, topology, bad)
    assert told.returncode == 1
    assert "too many of" in told.stderr


def test_the_checker_is_short_and_independent():
    source = Path(certificate_checker.__file__).read_text(encoding="utf-8")
    tree = ast.parse(source)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in imports for alias in node.names}
    assert names == {"json", "sys", "Any"}
    words = [line for line in source.splitlines() if line.strip() and '"""' not in line]
    assert len(words) - len(imports) <= 50


LIES = {
    "a path over a link that is not there": lambda c: c["tree"].update({"p12-pe1": "nothing"}),
    "a path over an element that is down": lambda c: c["waves"][1]["moved"].update(
        {"p12-pe2": "p12-pe1--p12-pe2"}
    ),
    "a site without its path": lambda c: [c["tree"].pop(one) for one in ("p12-pe1", "p12-pe2")],
    "a path round in a circle": lambda c: c["tree"].update(
        {"p12-pe1": "p12-pe1--p12-pe2", "p12-pe2": "p12-pe1--p12-pe2"}
    ),
    "both cores in one wave": lambda c: c["waves"][1]["down"].append("hl-cor-r2"),
    "an element that is upgraded twice": lambda c: c["waves"][0]["down"].append("p12-pe1"),
    "an element that is forgotten": lambda c: c["waves"][1]["down"].remove("p12-pe1"),
    "a cut that is not told": lambda c: c["cuts"].pop("p24-dwd"),
    "a cut among harmless ones": lambda c: c["waves"][-1].update(kind="change"),
    "a gateway that is lost without cause": lambda c: c["waves"][1]["lost"].append("p12-pe2"),
    "a site said to be dark already": lambda c: c["island"].extend(["p12-pe1", "p12-pe2"]),
    "an anchor that is down": lambda c: c["waves"][1].update(centre=["hl-cor-r1"], trunk={}),
    "an anchor that is none": lambda c: c["waves"][1]["centre"].append("p12-pe2"),
    "no centre": lambda c: c["waves"][1].update(centre=[]),
}


@pytest.mark.parametrize("lie", LIES)
def test_the_checker_finds(lie: str, sample: tuple[Graph, WavePlan]):
    graph, plan = sample
    certificate = as_json(plan.certificate)
    assert objections(as_json(graph), certificate) == []
    LIES[lie](certificate)
    assert objections(as_json(graph), certificate)


def test_bounds_only_tighten(sample: tuple[Graph, WavePlan]):
    graph, _ = sample
    bounds = dict(graph.bounds)
    assert bounds["site P01"] == Bound(members=bounds["site P01"].members, most=1)
    plan = upgrade_waves(graph, ["p01-pe1", "p01-pe2"], site_limits={"P01": 5})
    assert len(plan.waves) == 2
    many = ["hl-agg-r1", "hl-spn-a1", "hl-lef-a1"]
    assert len(upgrade_waves(graph, many).waves) == 1
    assert len(upgrade_waves(graph, many, site_limits={"HOA-LAC": 1}).waves) == 3
