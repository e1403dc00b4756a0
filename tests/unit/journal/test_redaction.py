"""Redaction: what is known goes, what looks like a secret goes, the rest stays; twice is once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from dcctl import secrets
from dcctl.journal import redaction

CASES = yaml.load(
    (Path(__file__).parents[2] / "cases" / "redaction" / "patterns.yml").read_text(),
    yaml.CSafeLoader,
)
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_KEYS = sorted(redaction._SECRET_KEYS)
WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)


@pytest.fixture(autouse=True)
def forget(monkeypatch) -> None:
    monkeypatch.setattr(secrets, "_values", set())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_patterns(case) -> None:
    assert set(case) <= {"text", "gone", "kept"}
    found = redaction.by_pattern(case["text"])
    for words in case.get("gone", ()):
        assert words not in found
    for words in case.get("kept", ()):
        assert words in found
    assert redaction.by_pattern(found) == found


@MANY
@given(
    values=st.lists(st.text(min_size=4, max_size=20), min_size=1, max_size=4),
    parts=st.lists(WORDS, max_size=5),
    data=st.data(),
)
def test_no_known_secret_is_left(values, parts, data) -> None:
    assume(not any(value in secrets.REDACTED or secrets.REDACTED in value for value in values))
    secrets._values.clear()
    for value in values:
        secrets.remember(value)
    pieces = data.draw(st.permutations([*parts, *values]))
    glue = data.draw(st.sampled_from(["", " ", "\n", '"', "=", "password "]))
    text = glue.join(pieces)
    found = redaction.redact(text)
    # A secret that the mark itself completes («x«redacted»y) was not in the text.
    assert not any(
        value in found
        for value in values
        if "redacted" not in value and "«" not in value and "»" not in value
    )
    nested = redaction.redact_data({"a": [text, {text: text}], "n": 1, "none": None})
    assert not any(
        value in str(nested["a"][0]) for value in values if "«" not in value and "»" not in value
    )


@MANY
@given(
    st.lists(
        st.sampled_from(
            [*(case["text"] for case in CASES), " ", "\n", '"', "'", ";", "password", "secret 5 "]
        )
        | WORDS,
        max_size=6,
    )
)
def test_twice_is_once(pieces) -> None:
    once = redaction.by_pattern("".join(pieces))
    assert redaction.by_pattern(once) == once


@pytest.mark.parametrize("case", CASES)
def test_what_a_pattern_matches_holds_its_hints(case) -> None:
    for hints, pattern in redaction._PATTERNS:
        for match in pattern.finditer(case["text"]):
            assert any(hint in match.group().lower() for hint in hints), (hints, match.group())


@MANY
@given(
    st.lists(
        st.sampled_from(
            [
                *(case["text"] for case in CASES),
                " ",
                "\n",
                '"',
                ": ",
                "key 7 ",
                "token",
                "SNMP-server",
            ]
        )
        | WORDS,
        max_size=6,
    )
)
def test_hints_change_nothing(pieces) -> None:
    text = whole = "".join(pieces)
    for _, pattern in redaction._PATTERNS:
        whole = pattern.sub(redaction._without_secret, whole)
    assert redaction.by_pattern(text) == whole


@MANY
@given(st.binary(max_size=200))
def test_evidence_of_any_bytes_is_kept(content) -> None:
    once = redaction.redact_content(content)
    assert redaction.redact_content(once) == once


def test_keys_that_name_secrets_and_message_ids() -> None:
    data = {
        "password": "Tr0ub4dor",
        "community": "public",
        "credentials": {"password": "env:X", "token": "vault:f#k"},
        "message": {"msgid": "wrong password given", "params": {"secret": "abc"}},
        "passwords": ["kept"],
        "password_encryption": True,
    }
    found = redaction.redact_data(data)
    mark = secrets.REDACTED
    assert found == {
        "password": mark,
        "community": mark,
        "credentials": {"password": "env:X", "token": "vault:f#k"},
        "message": {"msgid": "wrong password given", "params": {"secret": mark}},
        "passwords": ["kept"],
        "password_encryption": True,
    }


def test_it_is_fast_enough_for_configurations() -> None:
    """A megabyte of configuration in well under a second, though every line smells of secrets."""
    import time

    text = "interface Gi0/0/0\n description key customer password unknown here\n" * 15_000
    start = time.process_time()
    redaction.by_pattern(text)
    assert time.process_time() - start < 3


def test_a_weak_password_does_not_take_outcomes_and_findings_away() -> None:
    """A secret that is a part of a host's, step's or check's name, or a status."""
    for weak in ("hl-cmp", "role", "changed", "services", "2026", "abcd"):
        secrets.remember(weak)
    names = {"step": "hl-cmp-a01/role:base", "target": "hl-cmp-a01", "status": "changed"}
    times = {"started_at": "2026-11-22T00:00:00+00:00", "evidence": ["abcd" * 16]}
    outcome = {**names, **times, "changed": ["role changed"], "data": {"fingerprint": "abcd"}}
    found = redaction.redact_event({"outcome": outcome, "digest": "abcd" * 16})
    assert found["digest"] == "abcd" * 16
    assert {key: found["outcome"][key] for key in (*names, *times)} == {**names, **times}
    assert found["outcome"]["data"] == {"fingerprint": "abcd"}
    assert found["outcome"]["changed"] == ["«redacted» «redacted»"]
    finding = {"check": "services.running", "target": "hl-cmp-a01", "status": "pass"}
    assert redaction.redact_event({"finding": finding})["finding"] == finding
    reading = {"topic": "services", "status": "parsed", "value": {"status": "role is changed"}}
    found = redaction.redact_event(reading)
    assert found == reading | {"value": {"status": "«redacted» is «redacted»"}}


@pytest.mark.parametrize("value", ['a"b\\c-d', "first\nsecond", "mật khẩu"])
def test_a_secret_inside_json_is_known_too(value: str) -> None:
    """Ansible tells its results as JSON."""
    secrets.remember(value)
    for text in (json.dumps({"stdout": value}), json.dumps({"stdout": value}, ensure_ascii=False)):
        assert json.loads(redaction.redact(text)) == {"stdout": secrets.REDACTED}


_SMELLS = [
    "password x1",
    "Key 7 0822",
    "neighbor",
    "$6$abcdefgh",
    "http://a:b@c",
    'hun"ter\n2',
    "€",
]
_ITEMS = st.sampled_from([*_SMELLS, float("nan"), float("inf"), 1, None]) | st.text(max_size=9)


@pytest.mark.parametrize("known", ["hunter2", 'hun"ter\n2', "\\back", "mật khẩu"])
@pytest.mark.parametrize("times", [0, 1, 2])
@settings(max_examples=15, deadline=None)
@given(
    data=st.dictionaries(
        st.sampled_from(["outcome", "finding", "data", "msgid", "status"]) | st.sampled_from(_KEYS),
        _ITEMS | st.lists(_ITEMS) | st.dictionaries(st.text(max_size=9), _ITEMS),
    )
)
def test_one_look_at_an_event_tells_what_the_walk_would(known, times, data) -> None:
    secrets._values.clear()
    secrets.remember(known)
    text = known
    for _ in range(times):  # as programs tell of what other programs told
        text = json.dumps(text)
    for told in (data, {"output": f"a {text} b"}, {"data": {text: [text]}}):
        walked = redaction.redact_event(told)
        assert redaction.redacted_json(told) == redaction.as_json(walked)


@pytest.mark.parametrize("item", [*_SMELLS, float("nan"), float("-inf"), "\ud800"])
@pytest.mark.parametrize("key", ["output", "Token", "community"])
def test_what_smells_is_walked_through(key, item) -> None:
    told = {"outcome": {"data": {key: item, "more": [item]}}}
    assert redaction.redacted_json(told) == redaction.as_json(redaction.redact_event(told))


@pytest.mark.parametrize("text", ["", "show version", 'a\nb\t\\ "c" 1.5 {}'])
def test_what_is_clean_is_known_at_a_glance(text: str) -> None:
    assert redaction.is_clean(redaction.as_json({"output": text, "n": [1, None, True]}))


def test_json_evidence_stays_json() -> None:
    data = {
        "sudoers": "dcctl ALL=(ALL:ALL) NOPASSWD: ALL\n",
        "conf": 'password = "hunter22222"',
        "token": {"count": 1},
        "password": "Tr0ub4dor",
    }
    kept = redaction.redact_content(json.dumps(data), redaction.JSON)
    found = json.loads(kept)
    mark = secrets.REDACTED
    assert found["sudoers"] == data["sudoers"]
    assert found["token"] == {"count": 1}
    assert found["password"] == mark
    assert "hunter" not in found["conf"]
    assert redaction.redact_content(kept, redaction.JSON) == kept
    assert redaction.redact_content("no JSON: password x9y8z7", redaction.JSON).endswith(
        mark.encode()
    )
