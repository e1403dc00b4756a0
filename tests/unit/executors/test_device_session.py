"""device_session against simulated elements, over real SSH."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from dcctl import clock, executors, platforms
from dcctl.errors import CommandRefused, HostKeyRejected, JournalError, Unreachable
from dcctl.executors import hostkeys
from dcctl.executors._device import DeviceSession
from dcctl.model import plain
from dcctl.model.event import EventKind
from dcctl.model.plan import Step, StepKind
from dcctl.model.status import ReadingStatus, StepStatus
from dcctl.model.target import Connection, Target
from dcctl.planning.render import render, template_paths
from tests.unit.executors.conftest import ROOT, keygen, wait_for

XE = "p01-pe1"
TOPICS = ("version", "interfaces", "optics", "management", "logging", "time_sync", "alarms")


def config(target, text, **more):
    return Step(
        id=f"{target.name}/config:{target.platform}",
        target=target.name,
        kind=StepKind.CONFIG,
        name=target.platform,
        executor="device_session",
        changes=True,
        settings={"text": text},
        **more,
    )


def command(target, text):
    return Step(
        id=f"{target.name}/command:exec",
        target=target.name,
        kind=StepKind.COMMAND,
        name="exec",
        executor="device_session",
        changes=False,
        settings={"command": text},
    )


@pytest.fixture
def opened(contexts):
    executors_ = []

    def opening(lab, **options):
        executors_.append(executors.build("device_session", lab.context(contexts, **options)))
        return executors_[-1]

    yield opening
    for executor in executors_:
        executor.close()


@pytest.fixture
def lab(raise_elements):
    return raise_elements(XE)


def statuses(readings):
    return {reading.status for reading in readings.values()}


def logins(lab, name=XE):
    return sum(row["kind"] == "login" for row in lab.log(name))


def test_topics_are_read_on_one_session(lab, opened):
    executor, target = opened(lab), lab.targets[XE]
    readings = executor.read(target, (*TOPICS, "volumes"))
    assert list(readings) == [*TOPICS, "volumes"]
    assert statuses({t: readings[t] for t in TOPICS}) == {ReadingStatus.PARSED}
    assert readings["volumes"].status is ReadingStatus.NO_TEMPLATE
    assert readings["version"].value.hostname == XE
    assert executor.read(target, ("version",))["version"].value == readings["version"].value
    assert logins(lab) == 1
    assert lab.commands(XE).count("show running-config") == 1  # two topics share it


def test_the_intended_configuration_comes_to_run_once(lab, opened, contexts):
    """Predicted, proved by re-reading, confirmed, saved; the second time nothing is sent."""
    executor, target = opened(lab, session_log=True), lab.targets[XE]
    text = render(target, template_paths(ROOT))
    predicted = executor.predict([config(target, text)], lab.targets)[f"{XE}/config:cisco_xe"]
    assert not any("configure" in line for line in lab.commands(XE))
    step = config(target, text, predicted=predicted)
    before = executor.fingerprint(target, [step])
    seen = []
    contexts.kept.on_event = lambda kind, _step, durable: (
        kind is EventKind.STEP_STARTED and seen.append((durable, list(lab.commands(XE))))
    )
    (outcome,) = executor.run([step], lab.targets)
    assert (outcome.status, str(outcome.message)) == (StepStatus.CHANGED, "")
    ((durable, sent_before),) = seen
    assert durable
    assert not any(line.startswith("configure") for line in sent_before)
    assert set(outcome.changed) <= set(predicted)
    assert any("10.255.1.1 255.255.255.255" in line for line in outcome.changed)
    sent = lab.commands(XE)
    assert "configure terminal revert timer 1" in sent
    assert sent.index("configure confirm") < sent.index("write memory")
    assert executor.fingerprint(target, [step]) != before
    (again,) = executor.run([step], lab.targets)
    assert again.status is StepStatus.OK
    assert lab.commands(XE).count("configure confirm") == 1
    rest = executor.run([command(target, "show archive config rollback timer")], lab.targets)
    assert "No Rollback Confirmed Change pending" in next(iter(rest)).data["output"]


def test_no_secret_is_kept(lab, opened, contexts, caplog):
    caplog.set_level(1)
    executor, target = opened(lab, session_log=True), lab.targets[XE]
    text = render(target, template_paths(ROOT))
    step = config(
        target,
        text,
        predicted=executor.predict([config(target, text)], lab.targets)[f"{XE}/config:cisco_xe"],
    )
    list(executor.run([step], lab.targets))
    executor.read(target, TOPICS)
    hashes = [word for line in text.splitlines() for word in line.split() if word.startswith("$9$")]
    (log,) = (contexts.folder / "sessions").iterdir()
    assert log.stat().st_mode & 0o777 == 0o600
    everything = "\n".join(
        [
            *(blob.decode() for blob in contexts.kept.blobs.values()),
            str(contexts.kept.events),
            log.read_text(),
            caplog.text,
            str(step.predicted),
        ]
    )
    assert "show running-config" in everything
    assert hashes
    for secret in (lab.password(), *hashes):
        assert secret not in everything


def test_a_refused_line_takes_the_whole_change_back(lab, opened):
    executor, target = opened(lab), lab.targets[XE]
    before = executor.fingerprint(target, [])
    text = "snmp-server location here\ninterface TenGigabitEthernet9/9/9\n mtu 9000\n"
    (outcome,) = executor.run([config(target, text)], lab.targets)
    assert outcome.status is StepStatus.FAILED
    assert "taken back" in str(outcome.message)
    assert "Invalid input" in str(outcome.message)
    assert "9/9/9" in str(outcome.message)
    kept = ("archive", "path flash", "maximum 10")
    after = executor.reading(target, platforms.get("cisco_xe").change.running)
    assert "snmp-server" not in after
    rest = [line for line in after.splitlines() if not line.strip().startswith(kept)]
    assert plain.digest(rest) == before


@pytest.mark.parametrize("approved", [[], ["destructive"]])
def test_destructive_lines_need_to_have_been_shown_and_approved(lab, opened, approved):
    executor, target = opened(lab, approved=approved), lab.targets[XE]
    step = config(target, "interface GigabitEthernet0\n description new\n")
    predicted = executor.predict([step], lab.targets)[step.id]
    assert any(line.startswith("! no ip address") for line in predicted)
    unseen = replace(step, predicted=())
    shown = replace(step, predicted=predicted)
    for one, words in [(unseen, "did not show"), *([(shown, "not approved")] * (not approved))]:
        (outcome,) = executor.run([one], lab.targets)
        assert outcome.status is StepStatus.NOT_STARTED
        assert outcome.reason == "refused"
        assert words in str(outcome.message)
        assert "no ip address" in str(outcome.message)
    assert not any(line.startswith("configure") for line in lab.commands(XE))


def test_why_a_prediction_can_not_be_had_is_told(contexts):
    target = Target(
        name="x1", platform="nobodys_os", kind="router", connection=Connection(address="127.0.0.1")
    )
    step, context = config(target, "hostname x1\n"), contexts()
    executor = executors.build("device_session", context)
    assert executor.predict([step], {"x1": target}) == {step.id: None}
    ((kind, _target, name, _durable, told),) = contexts.kept.events
    assert (kind, name) == (EventKind.STEP_PROGRESS, step.id)
    assert "nobodys_os" in told["message"]


def test_a_read_only_session_refuses_at_the_wire(lab, contexts):
    target = lab.targets[XE]
    session = DeviceSession(target, platforms.get("cisco_xe"), lab.context(contexts))
    try:
        for attempt in ("configure terminal", "write", "show version\nreload", "sh run"):
            with pytest.raises(CommandRefused):
                session.send(attempt)
        with pytest.raises(CommandRefused):
            session.configure(["hostname x"])
        with pytest.raises(CommandRefused):
            session.host(["id"])
        with session.changing():
            assert session.read_only is False
        assert session.read_only is True
        assert "Cisco" in session.send("show version")
    finally:
        session.close()
    assert lab.commands(XE) == ["terminal length 0", "show version"]


def test_commands_by_hand(lab, opened):
    executor, target = opened(lab), lab.targets[XE]
    wrong = "show nothing of the kind"
    good, bad, refused = executor.run(
        [command(target, text) for text in ("show clock", wrong, "reload")], lab.targets
    )
    assert good.status is StepStatus.OK
    assert good.data["output"].strip()
    assert bad.status is StepStatus.FAILED
    assert "Invalid input" in str(bad.message)
    assert refused.status is StepStatus.NOT_STARTED
    assert "reload" not in lab.commands(XE)


def test_a_hang_costs_its_timeout_and_nothing_is_believed(lab, opened):
    executor, target = opened(lab, timeouts={"command": 1, "connect": 5}), lab.targets[XE]
    executor.read(target, ("version",))
    lab.fault(XE, "hang")
    reading = executor.read(target, ("version",))["version"]
    assert reading.status is ReadingStatus.ERROR
    assert "no prompt within 1.0 s" in reading.message
    lab.fault(XE, "clear")
    assert statuses(executor.read(target, ("version",))) == {ReadingStatus.PARSED}


def test_an_element_that_stays_silent_is_not_asked_for_every_topic(lab, opened):
    executor, target = opened(lab, timeouts={"command": 1, "connect": 5}), lab.targets[XE]
    lab.fault(XE, "hang")
    begun = clock.monotonic()
    readings = executor.read(target, ("version", "interfaces", "isis", "bgp", "optics", "lldp"))
    took = clock.monotonic() - begun
    lab.fault(XE, "clear")
    assert ReadingStatus.PARSED not in statuses(readings)
    begun = clock.monotonic()
    lab.fault(XE, "hang")
    executor.read(target, ("version",))
    assert took < 4 * (clock.monotonic() - begun)
    lab.fault(XE, "clear")


def test_a_cut_session_is_made_anew_for_a_read(lab, opened):
    executor, target = opened(lab), lab.targets[XE]
    executor.read(target, ("version",))
    lab.fault(XE, "disconnect", after=0)
    cut = executor.read(target, ("version", "interfaces"))
    assert statuses(cut) == {ReadingStatus.UNREACHABLE}
    lab.fault(XE, "clear")
    assert statuses(executor.read(target, ("version",))) == {ReadingStatus.PARSED}


def test_garbage_is_never_a_fact(lab, opened):
    executor, target = opened(lab, timeouts={"command": 1, "connect": 5}), lab.targets[XE]
    lab.fault(XE, "garbage")
    readings = executor.read(target, ("version", "interfaces", "management", "optics"))
    assert ReadingStatus.PARSED not in statuses(readings)
    assert ReadingStatus.EMPTY not in statuses(readings)


def test_a_slow_element_is_waited_for(lab, opened):
    executor, target = opened(lab), lab.targets[XE]
    lab.fault(XE, "slow", seconds=0.5)
    assert statuses(executor.read(target, ("version",))) == {ReadingStatus.PARSED}


def test_an_element_without_ssh_is_unreachable(lab, opened):
    executor, target = opened(lab), lab.targets[XE]
    lab.fault(XE, "service_stopped")
    readings = executor.read(target, TOPICS)
    assert statuses(readings) == {ReadingStatus.UNREACHABLE}
    step = config(target, "hostname p01-pe1\n")
    assert executor.predict([step], lab.targets)[step.id] is None
    (outcome,) = executor.run([step], lab.targets)
    assert outcome.status is StepStatus.UNREACHABLE
    with pytest.raises(Unreachable):
        executor.fingerprint(target, [step])


def test_host_keys_are_strict(lab, opened, tmp_path):
    executor, target = opened(lab), lab.targets[XE]
    keygen(tmp_path / "other")
    other = " ".join((tmp_path / "other.pub").read_text().split()[:2])
    hostkeys.pin(tmp_path / "changed", XE, other)
    for file, word in (("changed", "CHANGED"), ("empty", "not known")):
        connection = replace(target.connection, known_hosts=str(tmp_path / file))
        stranger = replace(target, connection=connection)
        with pytest.raises(HostKeyRejected, match=word):
            executor.fingerprint(stranger, [])
    assert logins(lab) == 0


def test_a_wrong_password(lab, opened, tmp_path):
    path = tmp_path / "wrong"
    path.touch(mode=0o600)
    path.write_text("wrong-horse-99")
    executor = opened(lab, credentials={"lab": {"username": "netops", "password": f"file:{path}"}})
    reading = executor.read(lab.targets[XE], ("version",))["version"]
    assert reading.status is ReadingStatus.UNREACHABLE
    assert "login of netops refused" in reading.message
    assert "wrong-horse" not in reading.message


@pytest.mark.parametrize(
    ("name", "line", "confirm"),
    [
        (XE, "snmp-server location lost", "configure confirm"),
        ("p79-pe2", "set snmp location lost", "commit"),
    ],
)
def test_a_change_that_nobody_can_prove_reverts_by_itself(
    raise_elements, opened, tmp_path, monkeypatch, contexts, name, line, confirm
):
    """No new login after the change: the element's own timer puts it back, and that is proved."""
    monkeypatch.setenv(clock.VARIABLE, "accelerated:20")
    lab = raise_elements(name)
    path = tmp_path / "password"
    path.touch(mode=0o600)
    path.write_text(lab.password())
    executor = opened(
        lab,
        credentials={"lab": {"username": "netops", "password": f"file:{path}"}},
        timeouts={"command": 200, "connect": 5},
    )
    target = lab.targets[name]

    def lock_out(kind, _step, _durable):
        if kind is EventKind.STEP_STARTED:
            path.write_text("wrong-horse-99")

    def reverted():
        return any(row["kind"] == "revert" for row in lab.log(name))

    def let_in():
        wait_for(reverted, seconds=60)
        path.write_text(lab.password())

    contexts.kept.on_event = lock_out
    waiter = threading.Thread(target=let_in)
    waiter.start()
    with clock.use(clock.AcceleratedClock(20)):
        (outcome,) = executor.run([config(target, f"{line}\n")], lab.targets)
        waiter.join()
        now = executor.reading(target, platforms.get(target.platform).change.running)
    assert outcome.status is StepStatus.FAILED
    assert "taken back" in str(outcome.message)
    assert "login of netops refused" in str(outcome.message)
    assert line in lab.commands(name)
    assert confirm not in lab.commands(name)
    assert "location" not in now


PENDING = "show archive config rollback timer"


def pending(executor, lab):
    (outcome,) = executor.run([command(lab.targets[XE], PENDING)], lab.targets)
    return "No Rollback Confirmed Change pending" not in outcome.data["output"]


def test_a_full_journal_stops_the_change_unconfirmed_and_resume_completes_it(lab, opened, contexts):
    executor, target = opened(lab), lab.targets[XE]
    step = config(target, "snmp-server location here\n")

    def full(kind, _step, _durable):
        if "configure terminal revert timer 1" in lab.commands(XE):
            raise JournalError("the disk is full")

    contexts.kept.on_event = full
    with pytest.raises(JournalError):
        list(executor.run([step], lab.targets))
    contexts.kept.on_event = None
    executor.close()
    resumed = opened(lab)
    assert pending(resumed, lab)
    in_doubt = replace(step, settings={**step.settings, "in_doubt": True})
    (outcome,) = resumed.run([in_doubt], lab.targets)
    assert outcome.status is StepStatus.OK
    assert not pending(resumed, lab)
    assert lab.commands(XE).count("snmp-server location here") == 1
    assert {"configure confirm", "write memory"} <= set(lab.commands(XE))


def test_half_a_change_is_taken_back_before_it_is_made_again(lab, opened, contexts):
    target = lab.targets[XE]
    session = DeviceSession(target, platforms.get("cisco_xe"), lab.context(contexts))
    with session.changing():
        session.configure(["archive", " path flash:dcctl-archive", " maximum 10"])
        session.configure(["snmp-server contact half"], enter="configure terminal revert timer 5")
    session.close()
    executor = opened(lab)
    step = config(target, "snmp-server location here\nsnmp-server contact whole\n")
    (outcome,) = executor.run(
        [replace(step, settings={**step.settings, "in_doubt": True})], lab.targets
    )
    assert outcome.status is StepStatus.CHANGED
    assert "configure revert now" in lab.commands(XE)
    assert not any("half" in line for line in outcome.changed)
    assert not pending(executor, lab)
