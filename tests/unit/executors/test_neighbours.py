"""A change is confirmed only when its neighbours still see what they saw, over real SSH."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial

import pytest

from dcctl import clock, executors, platforms
from dcctl.errors import JournalError, Unreachable
from dcctl.executors._change import GuardedChange
from dcctl.executors._device import DeviceSession
from dcctl.executors._together import carry_out
from dcctl.model.event import EventKind
from dcctl.model.status import NotStarted, StepStatus
from dcctl.planning.render import render, template_paths
from dcctl.planning.together import with_groups
from dcctl.planning.witnesses import with_witnesses
from tests.unit.executors.conftest import ROOT, wait_for
from tests.unit.executors.test_device_session import config

PE, CORE = "p01-pe1", "hl-cor-r1"
PORT, FAR = "TenGigabitEthernet0/0/0", "xe-0/0/0"
NEAR_WORDS = "ip address 10.250.1.0 255.255.255.254"
FAR_WORDS = "address 10.250.1.1/31"
APPROVED = ["destructive"]


class Pair:
    """A province's router and the core's, built and adjacent, and changes of theirs."""

    def __init__(self, lab, context):
        self.lab = lab
        self.context = context
        self.executor = executors.build("device_session", context)
        self.texts = {n: render(t, template_paths(ROOT)) for n, t in lab.targets.items()}

    def build(self):
        for name, text in self.texts.items():
            (outcome,) = self.executor.run([self.step(name, text)], self.lab.targets)
            assert (outcome.status, str(outcome.message)) == (StepStatus.CHANGED, "")
        wait_for(lambda: self.adjacent(CORE) and self.adjacent(PE))

    def step(self, name, text, **changes):
        """A step as the planner makes it; `changes` are of the target's port towards the other."""
        target = self.lab.targets[name]
        ports = tuple(
            replace(port, **changes) if port.peer in self.lab.targets else port
            for port in target.interfaces
        )
        fellows = {other: t for other, t in self.lab.targets.items() if other != name}
        step = config(target, text)
        step = with_witnesses(step, replace(target, interfaces=ports), fellows)
        predicted = self.executor.predict([step], self.lab.targets)[step.id]
        return replace(step, predicted=predicted)

    def change(self, name, text, **changes):
        (outcome,) = self.executor.run([self.step(name, text, **changes)], self.lab.targets)
        return outcome

    def both(self, near, far):
        """The two texts, as an all-or-nothing group."""
        steps = [self.step(PE, near), self.step(CORE, far)]
        grouped = with_groups(steps, [(PE, CORE)])
        outcomes = {o.target: o for o in self.executor.run(grouped, self.lab.targets)}
        return outcomes[PE], outcomes[CORE]

    def adjacent(self, name):
        reading = self.executor.read(self.lab.targets[name], ("isis",))["isis"]
        items = reading.value.items if reading.value else ()
        port = PORT if name == PE else FAR
        return any(i.state == "up" for i in items if i.interface.removesuffix(".0") in port)

    def confirmed(self, name):
        """How often a change of it was confirmed; on Junos `commit` follows `rollback 1` too."""
        sent = self.lab.commands(name)
        return sent.count("configure confirm") + sent.count("commit") - sent.count("rollback 1")

    def moved(self, net):
        """Both texts with the link in another network."""
        near = self.texts[PE].replace(NEAR_WORDS, NEAR_WORDS.replace("10.250.1.0", f"{net}.0"))
        far = self.texts[CORE].replace(FAR_WORDS, FAR_WORDS.replace("10.250.1.1", f"{net}.1"))
        assert near != self.texts[PE]
        assert far != self.texts[CORE]
        return near, far


@pytest.fixture
def pair(raise_elements, contexts, monkeypatch):
    monkeypatch.setenv(clock.VARIABLE, "accelerated:10")
    lab = raise_elements(PE, CORE)
    with clock.use(clock.AcceleratedClock(10)):
        context = lab.context(
            contexts,
            timeouts={"command": 100, "connect": 100},
            approved=APPROVED,
            watch_s=5,
            safety_net_s=120,
        )
        made = Pair(lab, context)
        made.build()
        yield made
        made.executor.close()


def without_isis(text):
    """The port towards the core no longer speaks IS-IS: a valid configuration, and a lost link."""
    head, _, tail = text.partition(f"interface {PORT}\n")
    return f"{head}interface {PORT}\n" + tail.replace(" ip router isis BACKBONE\n", "", 1)


def test_an_adjacency_that_the_neighbour_loses_takes_the_change_back(pair):
    outcome = pair.change(PE, without_isis(pair.texts[PE]))
    assert outcome.status is StepStatus.FAILED
    assert "taken back" in str(outcome.message)
    assert f"{CORE} isis {FAR}" in str(outcome.message)
    assert outcome.data["neighbours"]["before"][f"{CORE} isis {FAR}"] is True
    assert outcome.data["neighbours"]["after"][f"{CORE} isis {FAR}"] is False
    assert "configure confirm" not in pair.lab.commands(PE)[-20:]
    wait_for(lambda: pair.adjacent(CORE))
    sent = [row for row in pair.lab.commands(CORE) if row.startswith(("configure", "commit"))]
    asked = len(sent)
    assert pair.change(PE, pair.texts[PE]).status is StepStatus.OK
    assert len(sent) == asked  # the neighbour was only ever read


@pytest.mark.slow
def test_a_loss_that_was_meant_is_not_blamed(pair):
    """The intention takes IS-IS, BFD and with them BGP off the link; the light is still wanted."""
    outcome = pair.change(PE, without_isis(pair.texts[PE]), protocols=())
    # BGP is wanted by the intention of both ends, and goes with the only path to the loopback.
    assert f"{CORE} bgp {FAR}" in str(outcome.message)
    assert "isis" not in str(outcome.message)
    intent = dict(pair.lab.targets[PE].intent)
    intent["routing"] = {**intent["routing"], "bgp_neighbors": []}
    pair.lab.targets[PE] = replace(pair.lab.targets[PE], intent=intent)
    outcome = pair.change(PE, without_isis(pair.texts[PE]), protocols=())
    assert (outcome.status, str(outcome.message)) == (StepStatus.CHANGED, "")
    assert not pair.adjacent(CORE)


@pytest.mark.slow
def test_a_port_that_is_to_be_shut_down_is_shut_down(pair):
    text = pair.texts[PE].replace(f"interface {PORT}\n", f"interface {PORT}\n shutdown\n", 1)
    head, _, tail = text.partition(f"interface {PORT}\n")
    text = f"{head}interface {PORT}\n" + tail.replace(" no shutdown\n", "", 1)
    assert pair.change(PE, text).status is StepStatus.FAILED
    outcome = pair.change(PE, text, enabled=False)
    assert (outcome.status, str(outcome.message)) == (StepStatus.CHANGED, "")
    assert not pair.adjacent(CORE)


def test_neighbours_that_can_not_tell_before_let_nothing_begin(pair):
    step = pair.step(PE, pair.texts[PE] + "snmp-server location here\n")
    pair.lab.fault(CORE, "garbage")
    before = len(pair.lab.commands(PE))
    (outcome,) = pair.executor.run([step], pair.lab.targets)
    assert outcome.status in (StepStatus.ERROR, StepStatus.UNREACHABLE)
    assert "can't tell" in str(outcome.message)
    assert not [c for c in pair.lab.commands(PE)[before:] if c.startswith("configure")]


@pytest.mark.slow
def test_neighbours_that_can_not_tell_after_let_nothing_be_confirmed(pair, contexts):
    step = pair.step(PE, pair.texts[PE] + "snmp-server location here\n")

    def deaf(kind, _step, _durable):
        if kind is EventKind.STEP_STARTED:
            pair.lab.fault(CORE, "hang")

    contexts.kept.on_event = deaf
    (outcome,) = pair.executor.run([step], pair.lab.targets)
    contexts.kept.on_event = None
    assert outcome.status is StepStatus.FAILED
    assert "taken back" in str(outcome.message)
    assert "could not tell" in str(outcome.message)
    assert "snmp-server location here" in pair.lab.commands(PE)
    assert pair.lab.commands(PE).count("configure confirm") == 1  # that of the building


@pytest.mark.slow
@pytest.mark.parametrize("name", [PE, CORE])
def test_a_session_that_dies_with_the_change_ends_reverted_and_proved(pair, contexts, name):
    """The change cuts the way to the device: its own timer undoes it, and that is seen."""
    line = {PE: "snmp-server location lost\n", CORE: "set snmp location lost\n"}[name]
    pair.executor.close()
    pair.executor = executors.build("device_session", pair.context)  # its login is the last one
    step = pair.step(name, pair.texts[name] + line)
    sent = {PE: "snmp-server location lost", CORE: "commit confirmed 2"}[name]

    before = pair.lab.commands(name).count(sent)

    def cut(kind, _step, _durable):
        if kind is EventKind.STEP_STARTED:
            # Its last line is carried out, and no answer comes back: nor to any later login.
            kinds = [row["kind"] for row in pair.lab.log(name)]
            answered = kinds[len(kinds) - kinds[::-1].index("login") :].count("command")
            pair.lab.fault(name, "disconnect", after=answered + {PE: 2, CORE: 3}[name])
            threading.Thread(target=heal).start()

    def heal():
        wait_for(lambda: any(r["kind"] == "revert" for r in pair.lab.log(name)), seconds=60)
        pair.lab.fault(name, "clear")

    contexts.kept.on_event = cut
    (outcome,) = pair.executor.run([step], pair.lab.targets)
    contexts.kept.on_event = None
    assert outcome.status is StepStatus.FAILED, str(outcome.message)
    assert "taken back, the old configuration is there again" in str(outcome.message)
    assert pair.lab.commands(name).count(sent) == before + 1
    assert pair.change(name, pair.texts[name]).status is StepStatus.OK


@pytest.mark.parametrize("name", [PE, CORE])
def test_what_somebody_else_holds_is_left_alone(pair, contexts, name):
    """A change of somebody else's that waits to be confirmed, or an exclusive session."""
    lines = {PE: ["snmp-server location theirs"], CORE: ["set snmp location theirs"]}[name]
    change = platforms.get(pair.lab.targets[name].platform).change
    theirs = DeviceSession(
        pair.lab.targets[name],
        platforms.get("cisco_xe" if name == PE else "juniper_junos"),
        pair.context,
    )
    wanted = change.remediate(change.running(theirs), "\n".join(lines))
    with theirs.changing():
        change.apply(theirs, wanted, 600)
    before = len(pair.lab.commands(name))
    outcome = pair.change(name, pair.texts[name] + "".join(f"{line}x\n" for line in lines))
    assert (outcome.status, outcome.reason) == (StepStatus.NOT_STARTED, NotStarted.LOCKED)
    assert "not ours" in str(outcome.message)
    sent = pair.lab.commands(name)[before:]
    assert not [line for line in sent if line.startswith(("configure", "rollback", "commit"))]
    with theirs.changing():
        change.confirm(theirs)
        change.save(theirs)
        if name == CORE:
            theirs.send("configure exclusive")
    outcome = pair.change(name, pair.texts[name] + "".join(f"{line}x\n" for line in lines))
    if name == PE:
        assert outcome.status is StepStatus.CHANGED, str(outcome.message)
    else:
        assert (outcome.status, outcome.reason) == (StepStatus.NOT_STARTED, NotStarted.LOCKED)
        assert "locked by" in str(outcome.message)
    theirs.close()


# --- all or nothing ----------------------------------------------------------------------------


def test_one_end_alone_is_taken_back_and_both_together_are_confirmed(pair):
    near, far = pair.moved("10.250.201")
    assert pair.change(PE, near).status is StepStatus.FAILED
    wait_for(lambda: pair.adjacent(CORE))
    outcomes = pair.both(near, far)
    assert [(o.status, str(o.message)) for o in outcomes] == [(StepStatus.CHANGED, "")] * 2
    assert outcomes[0].data["neighbours"]["after"][f"{CORE} isis {FAR}"] is True
    assert pair.adjacent(CORE)


def test_when_one_fails_all_are_taken_back(pair):
    near, far = pair.moved("10.250.202")
    first, second = pair.both(near, far + "\nset no such statement\n")
    assert [first.status, second.status] == [StepStatus.FAILED] * 2
    assert CORE in str(first.message)
    wait_for(lambda: pair.adjacent(CORE))
    assert pair.change(PE, pair.texts[PE]).status is StepStatus.OK


def test_a_member_that_can_not_begin_leaves_the_other_untouched(pair):
    near, far = pair.moved("10.250.203")
    far = "".join(f"{line}\n" for line in far.splitlines() if "interface xe-0/1/7" not in line)
    steps = [pair.step(PE, near), replace(pair.step(CORE, far), predicted=())]
    before = len(pair.lab.commands(PE))
    found = pair.executor.run(with_groups(steps, [(PE, CORE)]), pair.lab.targets)
    outcomes = {outcome.target: outcome for outcome in found}
    assert outcomes[CORE].reason == NotStarted.REFUSED
    assert outcomes[PE].reason == NotStarted.TOGETHER
    assert not [c for c in pair.lab.commands(PE)[before:] if c.startswith("configure")]


@pytest.mark.slow
def test_a_member_that_hangs_takes_all_back(pair, contexts):
    near, far = pair.moved("10.250.204")
    begun = []

    def deaf(kind, _step, _durable):
        if kind is EventKind.STEP_STARTED:
            begun.append(kind)
            if len(begun) == 2:
                pair.lab.fault(CORE, "hang")

    def heal():
        wait_for(lambda: any(r["kind"] == "revert" for r in pair.lab.log(PE)), seconds=60)
        pair.lab.fault(CORE, "clear")

    contexts.kept.on_event = deaf
    healer = threading.Thread(target=heal)
    healer.start()
    first, second = pair.both(near, far)
    contexts.kept.on_event = None
    healer.join()
    assert [first.status, second.status] == [StepStatus.FAILED] * 2
    wait_for(lambda: pair.adjacent(CORE))


@pytest.mark.slow
def test_a_full_journal_confirms_none(pair, contexts):
    near, far = pair.moved("10.250.205")

    def full(kind, _step, _durable):
        if kind is EventKind.STEP_PROGRESS and "commit confirmed 2" in pair.lab.commands(CORE)[-6:]:
            raise JournalError("the disk is full")

    contexts.kept.on_event = full
    with pytest.raises(JournalError):
        pair.both(near, far)
    contexts.kept.on_event = None
    assert pair.lab.commands(PE).count("configure confirm") == 1  # that of the building


@pytest.mark.slow
@pytest.mark.parametrize("name", [PE, CORE])
@pytest.mark.parametrize("noticed", ["cut off", "unnoticed"])
def test_a_member_that_gets_half_its_change_takes_all_back(pair, name, noticed):
    """Half of its lines arrive; then its session dies, or nobody hears of it."""
    texts = dict(zip((PE, CORE), pair.moved("10.250.206"), strict=True))
    more = {PE: "snmp-server location there\n", CORE: "set snmp location there\n"}
    texts[name] += more[name]
    full = platforms.get(pair.lab.targets[name].platform)
    arrived = []

    def half(session, wanted, seconds):
        assert len(wanted.lines) > 1
        first = replace(wanted, lines=wanted.lines[: len(wanted.lines) // 2])
        full.change.apply(session, first, seconds)
        arrived.extend(first.lines)
        if noticed == "cut off":
            session.close()
            raise Unreachable("{name} was cut off", name=name)

    halved = replace(full, change=replace(full.change, apply=half))
    changes = [
        GuardedChange(
            pair.step(one, text),
            halved if one == name else platforms.get(pair.lab.targets[one].platform),
            pair.context,
            pair.executor.session(pair.lab.targets[one]),
            partial(pair.executor.reopened, pair.lab.targets[one]),
            pair.executor._eyes(),
        )
        for one, text in texts.items()
    ]
    confirmed = {one: pair.confirmed(one) for one in texts}
    outcomes = {outcome.target: outcome for outcome in carry_out(changes)}
    assert arrived
    for one in texts:
        told = str(outcomes[one].message)
        assert outcomes[one].status is StepStatus.FAILED, told
        assert "the old configuration is there again" in told
        assert pair.confirmed(one) == confirmed[one]
        assert pair.change(one, pair.texts[one]).status is StepStatus.OK
    (other,) = {PE, CORE} - {name}
    assert name in str(outcomes[other].message)
    wait_for(lambda: pair.adjacent(CORE))
