"""Text, errors, clock, secrets, plain data: what everything stands on."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from dcctl import clock, secrets
from dcctl.errors import CommandRefused, ExitCode, InvalidInput, NotFound, Place, StalePlan
from dcctl.model import plain
from dcctl.model.outcome import Finding, Outcome
from dcctl.model.plan import Plan, Shard, Step, StepKind, Wave
from dcctl.model.status import (
    FindingStatus,
    StepStatus,
    worst_finding,
)
from dcctl.model.target import Connection, Interface, Target
from dcctl.text import Text, fill

TARGET = Target(
    name="r1",
    platform="frr",
    kind="router",
    connection=Connection(
        address="127.0.0.1",
        port=2222,
        jump=(Connection(address="127.0.0.2", credential="j"), Connection(address="127.0.0.3")),
    ),
    console=Connection(address="127.0.0.4", port=3007, line=":port07"),
    interfaces=(Interface(name="eth0", protocols=("isis", "bfd")),),
    intent={"a": [1, {"b": None}]},
    variables={"x": "y"},
)


def test_an_error_is_its_place_its_words_and_its_code():
    error = InvalidInput("no {what}", hint="make {what}", place=Place("a.yml", 3), what="rack")
    assert str(error) == "a.yml:3: no rack"
    assert str(error.hint) == "make rack"
    assert isinstance(error, ValueError)
    assert error.exit_code is ExitCode.USAGE
    assert StalePlan("x").exit_code is ExitCode.REFUSED
    assert isinstance(CommandRefused("x"), PermissionError)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), str(again.hint), type(again)) == (str(error), "make rack", InvalidInput)


def test_a_message_never_fails_for_want_of_a_parameter():
    assert fill("a {x} {y}", {"x": 1}) == "a 1 {y}"
    assert str(Text("100% {", {"x": 1})).startswith("100% {")


def test_plans_shards_and_outcomes_survive_plain_data():
    step = Step(
        id="r1/config:frr",
        target="r1",
        kind=StepKind.CONFIG,
        name="frr",
        executor="device_session",
        changes=True,
        settings={"text": "x\n"},
        predicted=("+ a",),
    )
    plan = Plan(
        verb="build",
        estate="e",
        lab=True,
        targets={"r1": TARGET},
        steps=(step,),
        waves=(Wave(index=0, targets=("r1",)),),
        preconditions={"r1": "abc"},
    )
    assert plain.from_plain(Plan, plain.to_plain(plan)) == plan
    shard = Shard(
        run="r",
        id="s",
        wave=0,
        targets=(TARGET,),
        steps=(step,),
        folder="/f",
        site_root="/s",
        resume={step.id: 2},
    )
    assert plain.from_plain(Shard, plain.to_plain(shard)) == shard
    outcome = Outcome(
        step=step.id,
        target="r1",
        status=StepStatus.CHANGED,
        message=Text("did {n}", {"n": 1}),
        changed=("a",),
        data={"diff": ["+ a"]},
    )
    assert plain.from_plain(Outcome, plain.to_plain(outcome)) == outcome
    finding = Finding(check="a.b", target="r1", status=FindingStatus.PASS)
    assert plain.from_plain(Finding, plain.to_plain(finding)) == finding


def test_unknown_keys_in_plain_data_are_an_error():
    with pytest.raises(TypeError, match="nonsense"):
        plain.from_plain(Target, {**plain.to_plain(TARGET), "nonsense": 1})


def test_the_hash_covers_everything_but_the_moment():
    base = Plan(
        verb="build",
        estate="e",
        lab=False,
        targets={"r1": TARGET},
        steps=(),
        waves=(),
    )
    import dataclasses

    later = dataclasses.replace(base, created_at="2026-01-01T00:00:00+00:00", hash="x")
    assert later.content_hash() == base.content_hash()
    for field, value in {
        "lab": True,
        "verb": "x",
        "preconditions": {"r1": "f"},
        "versions": {"dcctl": "9"},
        "targets": {"r1": dataclasses.replace(TARGET, variables={"x": "z"})},
        "digests": {"role:a": "d"},
        "options": {"a": 1},
        "checks": {"a.b": {"p": 1}},
        "waves": (Wave(index=0, targets=("r1",)),),
        "estate": "f",
    }.items():
        assert dataclasses.replace(base, **{field: value}).content_hash() != base.content_hash()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([5.0, -0.0, 1e-4, 9.9e-5, 1e15, 1e16, 1e21, 0.1, 123456789.125]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_canonical_bytes_are_those_of_rfc_8785(data: object):
    assert plain.canonical(data) == rfc8785.dumps(data)


@given(JSON)
def test_canonical_bytes_do_not_depend_on_order(data: object):
    def turned(value: object) -> object:
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(list(value))}
        if isinstance(value, list):
            return [turned(item) for item in value]
        return value

    assert plain.canonical(turned(data)) == plain.canonical(data)


def test_big_integers_are_strings_in_canonical_json():
    assert plain.canonical({"a": 2**53, "b": 2**53 - 1}) == (
        b'{"a":"9007199254740992","b":9007199254740991}'
    )


def test_worst():
    assert worst_finding([FindingStatus.PASS, FindingStatus.NOT_EVALUATED]) == "not_evaluated"
    assert worst_finding([FindingStatus.FAIL, FindingStatus.NOT_EVALUATED]) == "fail"


def test_manual_time_moves_only_by_hand():
    with clock.use(clock.ManualClock(datetime(2026, 2, 1, tzinfo=UTC))):
        before = clock.monotonic()
        clock.sleep(90)
        assert clock.monotonic() - before == 90
        assert clock.now().isoformat() == "2026-02-01T00:01:30+00:00"


def test_accelerated_time():
    fast = clock.AcceleratedClock(1000)
    start = fast.monotonic()
    fast.sleep(20)  # 20 ms
    assert fast.monotonic() - start >= 20
    with pytest.raises(InvalidInput):
        clock.AcceleratedClock(0)


def test_the_clock_of_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DCCTL_CLOCK", "accelerated:60")
    assert isinstance(clock.from_environment(), clock.AcceleratedClock)
    for wrong in ("fast", "accelerated:", "accelerated:x", "accelerated:-1"):
        monkeypatch.setenv("DCCTL_CLOCK", wrong)
        with pytest.raises(InvalidInput):
            clock.from_environment()


def test_a_secret_does_not_show_itself():
    secret = secrets.Secret("hunter2-correct")
    assert "hunter2" not in f"{secret!r} {secret} {secret!s}"
    assert secret.reveal() == "hunter2-correct"
    assert secrets.redact("pw hunter2-correct.") == f"pw {secrets.REDACTED}."
    with pytest.raises(TypeError):
        pickle.dumps(secret)


@pytest.mark.parametrize("clear", ["hunter2", "plain:x", "env:", ":x", ""])
def test_a_secret_in_clear_is_refused_without_being_repeated(clear: str):
    with pytest.raises(InvalidInput) as caught:
        secrets.SecretRef.parse(clear)
    assert not clear or clear not in str(caught.value) or len(clear) < 6


def test_secret_files_must_be_private(tmp_path):
    path = tmp_path / "pw"
    path.write_text("s3cret-value\n")
    path.chmod(0o644)
    with pytest.raises(InvalidInput, match="others may read"):
        secrets.resolve(secrets.SecretRef("file", "pw"), base=tmp_path)
    path.chmod(0o600)
    assert (
        secrets.resolve(secrets.SecretRef("file", "pw"), base=tmp_path).reveal() == "s3cret-value"
    )
    with pytest.raises(NotFound):
        secrets.resolve(secrets.SecretRef("file", "nothing"), base=tmp_path)
    with pytest.raises(NotFound):
        secrets.resolve(secrets.SecretRef("env", "DCCTL_NO_SUCH_THING"))
