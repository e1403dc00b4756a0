"""Any text to any parser: only the typed error leaves it, and no fact comes from another's text."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dcctl import platforms
from dcctl.contracts import Output
from dcctl.errors import Unparsed
from dcctl.platforms import _templates
from tests.unit.platforms import recordings

TESTS = Path(__file__).parents[2]
KNOWN = platforms.all_platforms()
COLLECTORS = [
    (name, collector)
    for name, platform in sorted(KNOWN.items())
    if platform.executor == "device_session"
    for collector in platform.collectors
]
SAME = yaml.load((TESTS / "cases/parsing/same_answers.yaml").read_text(), yaml.CSafeLoader)
NOISE = st.sampled_from(
    [
        *("\x00", "\x1b[2J", "\x7f", "�", " --More-- ", "\r", "\n\n", "\t", "{", "}", "[", '"'),
        *(
            "% Invalid input detected",
            "Error: x",
            "null",
            "-1",
            "1e999",
            "N/A",
            "9" * 400,
            "ố",
            "|",
        ),
        "*Nov 22 17:00:01.123: %LINK-3-UPDOWN: Interface Gi1, changed state to down\n",
        *("::", "0.0.0.0", "Gi0/0/0", "up", "- ", "--", "never", "00:00:00", "%", "(", ")"),
    ]
)


@cache
def texts() -> tuple[str, ...]:
    """Answers to begin from: our own transcripts, and what real devices said where it is kept."""
    kept = [
        path.read_text(encoding="utf-8", errors="replace")
        for path in sorted((TESTS / "transcripts").glob("*/*.txt"))
    ]
    return tuple(
        text for text in [*kept, *(r.text for r in recordings.recordings())] if len(text) < 9000
    )


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """An answer with something done to it."""
    text = draw(st.sampled_from(texts()))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        end = min(len(text), at + draw(st.integers(0, 200)))
        kind = draw(st.integers(0, 4))
        if kind == 0:
            text = text[:at]
        elif kind == 1:
            text = text[:at] + draw(NOISE) + text[at:]
        elif kind == 2:
            text = text[:at] + text[end:]
        elif kind == 3:
            text = text[:end] + text[at:]
        else:
            text = text[:at] + draw(NOISE) + text[end:]
    return text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                (
                    "data",
                    "attributes",
                    "interface",
                    "bgp-peer",
                    "peers",
                    "vrfs",
                    "state",
                    "neighbors",
                )
            )
            | st.text(max_size=6),
            inner,
            max_size=3,
        )
    ),
    max_leaves=10,
).map(json.dumps)
ANY = st.one_of(mutated(), JSON, st.text(max_size=300), st.just("[" * 5000), st.just("{" * 5000))


@pytest.mark.parametrize(
    ("name", "collector"), COLLECTORS, ids=[f"{n}-{c.topic}" for n, c in COLLECTORS]
)
@settings(max_examples=40)
@given(data=st.data())
def test_only_the_typed_error_leaves_a_collector(name, collector, data):
    outputs = [Output(command=c, text=data.draw(ANY)) for c in collector.commands]
    try:
        fact = collector.parse(outputs)
    except Unparsed:
        return
    except RecursionError:  # JSON nested thousands deep: the router tells it as not understood
        assert platforms.fact_of(collector, outputs)[0] == "error"
        return
    kind = platforms.fact_of(collector, outputs)
    assert kind[0] in ("parsed", "empty", "error")
    assert fact is None or type(fact).__module__ == f"dcctl.facts.{collector.topic}"


@pytest.mark.parametrize("platform", sorted({name for name, _ in COLLECTORS} | {"ciena_saos"}))
@given(data=st.data())
def test_the_router_raises_nothing(platform, data):
    commands = [route.topic for route in _templates.routes(platform)]
    commands += [c.commands[0] for n, c in COLLECTORS if n == platform]
    command = data.draw(st.sampled_from(sorted({*commands, "show nothing", "", "|", "show \x00"})))
    parsed = platforms.parse(platform, command, data.draw(ANY))
    assert parsed.status in ("parsed", "empty", "no_template", "error")
    assert bool(parsed.fact is not None or parsed.records) == (parsed.status == "parsed")
    assert str(parsed.message) or parsed.status in ("parsed", "empty")


def alike(platform, one, other):
    one, other = one.split(" | ")[0], other.split(" | ")[0]
    return one == other or any({one, other} <= set(family) for family in SAME.get(platform, ()))


@recordings.needed
@pytest.mark.parametrize("platform", sorted({name for name, _ in COLLECTORS}))
def test_no_fact_comes_from_another_commands_text(platform):
    wrong = []
    own = [r for r in recordings.recordings() if r.platform == platform]
    for recording in own:
        text = recording.text
        for name, collector in COLLECTORS:
            if name != platform:
                continue
            if any(alike(platform, recording.command, c) for c in collector.commands):
                continue
            outputs = [Output(command=c, text=text) for c in collector.commands]
            status, _fact, _message = platforms.fact_of(collector, outputs)
            if status != "error":
                wrong.append((collector.topic, recording.path.name, str(status)))
    assert not wrong


ABSENT = {
    "bgp": ("% BGP not active", "BGP is not running.", "Info: The BGP process does not exist."),
    "ospf": ("%OSPF: Router process not running", "OSPF instance is not running"),
    "isis": ("IS-IS instance is not running", "% IS-IS is not enabled"),
    "lldp": ("% LLDP is not enabled", "Error: LLDP is not enabled."),
    "lag": ("Info: No valid trunk in the system.", "% LACP is not enabled"),
    "": ("PIM is not running", "Archive feature not enabled", "%IPv4 CEF not running"),
}


@pytest.mark.parametrize(("subject", "said"), [(k, text) for k, v in ABSENT.items() for text in v])
def test_what_does_not_run_is_nothing_only_of_its_own_topic(subject, said):
    for name, collector in COLLECTORS:
        asked = " ".join((collector.topic, *collector.commands)).lower()
        if (subject and subject in asked) or collector.topic in (subject, "time_sync"):
            continue
        outputs = [Output(command=c, text=f"{said}\n") for c in collector.commands]
        status, _fact, _message = platforms.fact_of(collector, outputs)
        assert status == "error", (name, collector.topic)
