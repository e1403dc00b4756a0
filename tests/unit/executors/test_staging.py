"""Images put on elements over real SSH: pushed, pulled, continued, proven, refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dcctl import clock
from dcctl.errors import TargetTimeout
from dcctl.executors.device_session import DeviceSessions
from dcctl.executors.staging import survey, work
from dcctl.executors.staging.line import Line
from dcctl.executors.staging.push import Push
from dcctl.lab.image_mirror import mirror_of
from dcctl.model.event import EventKind
from dcctl.model.status import StepStatus
from dcctl.model.upgrade import Mirror, StagingPolicy, Store, Way
from dcctl.planning.staging import look_step, stage_order, stage_step
from dcctl.platforms import get
from tests.unit.executors.conftest import raiser

XE, XR = "p01-pe1", "p08-pe1"


class Bed:
    """Elements, a mirror with their images, and staging steps."""

    def __init__(self, lab, mirror, images, contexts):
        self.lab, self.mirror, self.images = lab, mirror, images
        self.contexts = contexts

    def image(self, name):
        platform = self.lab.targets[name].platform
        return next(one for one in self.images if one.platform == platform)

    def order(self, name, *, way=Way.AUTO, image=None, folder="", **caps):
        there = Mirror(site="P01", scheme="http", host="127.0.0.1", port=self.mirror.port)
        policy = StagingPolicy(caps_mbps=caps)
        target = self.lab.targets[name]
        return stage_order(target, image or self.image(name), there, policy, way=way, folder=folder)

    def run(self, name, step, **options):
        target = self.lab.targets[name]
        executor = DeviceSessions(self.lab.context(self.contexts, **options))
        try:
            (outcome,) = executor.run([step], {name: target})
        finally:
            executor.close()
        return outcome

    def configure(self, name, *lines):
        executor = DeviceSessions(self.lab.context(self.contexts))
        session = executor.session(self.lab.targets[name])
        with session.changing():
            session.configure(lines)
        executor.close()

    def emptied(self):
        """As they were."""
        executor = DeviceSessions(self.lab.context(self.contexts))
        for name, target in self.lab.targets.items():
            self.lab.fault(name, "clear")
            upgrade, session = get(target.platform).upgrade, executor.session(target)
            for store in upgrade.stores(session):
                for file in {one.name for one in self.image(name).files} & set(store.files):
                    with session.changing():
                        upgrade.remove(session, store, file)
        executor.close()

    def stage(self, name, **more):
        target = self.lab.targets[name]
        step = stage_step(target, get(target.platform), self.order(name, **more))
        return self.run(name, step)

    def check(self, name, *, staged=False, **more):
        target = self.lab.targets[name]
        step = look_step(target, get(target.platform), self.order(name, **more), staged=staged)
        return self.run(name, step)

    def files(self, name):
        return {one["store"] + one["file"]: one for one in self.check(name).data["files"]}


@pytest.fixture(scope="module")
def lab(sample, tmp_path_factory):
    with raiser(sample, tmp_path_factory.mktemp("staging")) as raising:
        yield raising(XE, XR)


@pytest.fixture
def bed(lab, sample, contexts):
    known = [image for image in sample.images if image.platform in ("cisco_xe", "cisco_xr")]
    with mirror_of(known) as mirror:
        bed = Bed(lab, mirror, known, contexts)
        bed.configure(XE, "ip scp server enable")
        yield bed
        bed.emptied()


def kinds(contexts):
    return [kind for kind, *_ in contexts.kept.events]


@pytest.mark.parametrize("name", [XE, XR])
@pytest.mark.parametrize("way", [Way.PULL, Way.PUSH])
def test_it_is_there_and_proven_and_a_second_time_nothing_is_done(bed, contexts, name, way):
    before = bed.check(name)
    assert before.status is StepStatus.OK, before.message
    assert before.data["files"][0]["state"] == survey.MISSING
    assert bed.check(name, staged=True).status is StepStatus.FAILED
    outcome = bed.stage(name, way=way)
    assert outcome.status is StepStatus.CHANGED, outcome.message
    assert outcome.data["way"] == way.value
    strongest = {XE: "sha512", XR: "md5"}[name]
    assert {one["proof"] for one in outcome.data["files"]} == {strongest}
    size = sum(file.size for file in bed.image(name).files)
    assert outcome.data["sent"] == (size if way is Way.PUSH else 0)
    assert bed.check(name, staged=True).status is StepStatus.OK
    contexts.kept.events.clear()
    asked = len(bed.mirror.asked)
    again = bed.stage(name, way=way)
    assert again.status is StepStatus.OK
    assert EventKind.STEP_STARTED not in kinds(contexts)
    assert len(bed.mirror.asked) == asked


def beginning(bed, contexts, tmp_path, name, content):
    """Leave `content` on the element under the image's name, as a transfer that was cut does."""
    target, upgrade = bed.lab.targets[name], get(bed.lab.targets[name].platform).upgrade
    left = tmp_path / "left"
    left.write_bytes(content)
    file = bed.image(name).files[0]
    (lies,) = bed.check(name).data["files"]
    store = Store(supervisor="", path=lies["store"], free=None)
    context = bed.lab.context(contexts)
    Push(target, context, lambda _: None, lambda _: None).send(
        upgrade.push_by, left, upgrade.push_path(store, file.name)
    )
    (found,) = bed.check(name).data["files"]
    assert (found["state"], found["has"]) == (survey.PARTIAL, len(content))


def test_what_was_cut_at_half_goes_on_there(bed, contexts, tmp_path):
    whole = bed.mirror.files[bed.image(XR).files[0].name]
    half = len(whole) // 2
    beginning(bed, contexts, tmp_path, XR, whole[:half])
    outcome = bed.stage(XR, way=Way.PUSH)
    assert outcome.status is StepStatus.CHANGED, outcome.message
    assert (outcome.data["continued"], outcome.data["sent"]) == (half, len(whole) - half)


@pytest.mark.parametrize("name", [XE, XR])
def test_what_is_no_beginning_of_it_is_sent_anew(bed, contexts, tmp_path, name):
    size = bed.image(name).files[0].size
    beginning(bed, contexts, tmp_path, name, b"x" * (size // 2))
    outcome = bed.stage(name, way=Way.PUSH)
    assert outcome.status is StepStatus.CHANGED, outcome.message
    assert (outcome.data["continued"], outcome.data["sent"]) == (0, size)


@pytest.mark.parametrize("way", [Way.PULL, Way.PUSH])
def test_a_full_disk_is_told_before_a_byte_is_sent(bed, contexts, way):
    bed.lab.fault(XE, "flash_full")
    looked = bed.check(XE)
    assert looked.status is StepStatus.FAILED
    assert "lacks" in str(looked.message)
    outcome = bed.stage(XE, way=way)
    assert outcome.status is StepStatus.FAILED
    assert "lacks 1048576 bytes" in str(outcome.message)
    assert bed.mirror.asked == []


@pytest.mark.parametrize("way", [Way.PULL, Way.PUSH])
def test_a_mirror_with_other_bytes_leaves_nothing_behind(bed, contexts, way):
    bed.mirror.faults.wrong = True
    outcome = bed.stage(XE, way=way)
    assert outcome.status is StepStatus.FAILED
    assert "is not what images.yml says" in str(outcome.message)
    assert ("nothing of it was sent" in str(outcome.message)) == (way is Way.PUSH)
    (found,) = bed.check(XE).data["files"]
    assert found["state"] == survey.MISSING
    started = [durable for kind, _, _, durable, _ in contexts.kept.events if kind == "step_started"]
    assert True in started
    bed.mirror.faults.wrong = False
    assert bed.stage(XE, way=way).status is StepStatus.CHANGED


@pytest.mark.parametrize("way", [Way.PULL, Way.PUSH])
@pytest.mark.parametrize("fault", [{"down": True}, {"dies_after": 300_000}])
def test_a_mirror_that_is_down_or_dies_is_told_and_tried_again(bed, monkeypatch, way, fault):
    monkeypatch.setattr(work, "_PAUSE_S", 0.01)
    bed.mirror.faults.__dict__.update(fault)
    outcome = bed.stage(XE, way=way)
    assert outcome.status in {StepStatus.FAILED, StepStatus.UNREACHABLE}, outcome
    (found,) = bed.check(XE).data["files"]
    assert found["state"] == survey.MISSING
    bed.mirror.faults.down, bed.mirror.faults.dies_after = False, -1
    assert bed.stage(XE, way=way).status is StepStatus.CHANGED


def test_no_server_for_files_is_told(bed):
    bed.configure(XE, "no ip scp server enable")
    outcome = bed.stage(XE, way=Way.PUSH)
    assert outcome.status is StepStatus.FAILED
    assert "no SCP" in str(outcome.message)


def test_files_come_from_a_folder_too_and_are_held_to_images_yml(bed, tmp_path):
    file = bed.image(XE).files[0]
    (tmp_path / file.name).write_bytes(b"\0" * file.size)
    outcome = bed.stage(XE, folder=str(tmp_path))
    assert "nothing of it was sent" in str(outcome.message)
    (tmp_path / file.name).write_bytes(bed.mirror.files[file.name])
    assert bed.stage(XE, folder=str(tmp_path)).data["hashed"] == {file.name: file.sha512}
    assert bed.mirror.asked == []


def test_an_image_for_another_model_is_not_put_there(bed):
    other = replace(bed.image(XE), models=("ASR9*",), from_versions=("16.*",))
    looked = bed.check(XE, image=other)
    assert looked.status is StepStatus.FAILED
    assert len(looked.data["wrong"]) == 2
    outcome = bed.stage(XE, image=other)
    assert outcome.status is StepStatus.NOT_STARTED
    assert bed.mirror.asked == []


def test_what_it_boots_is_never_taken_away(bed, contexts, tmp_path):
    image = replace(bed.image(XE), version="17.9.4a")
    beginning(bed, contexts, tmp_path, XE, b"x" * 4096)
    outcome = bed.stage(XE, image=image)
    assert outcome.status is StepStatus.NOT_STARTED or "not removed" in str(outcome.message)
    (found,) = bed.check(XE).data["files"]
    assert found["has"] == 4096


def test_the_standby_gets_its_copy_from_the_active(raise_elements, sample, contexts):
    target = sample.target(XE)
    two = replace(target, intent={**target.intent, "device_type": "nokia/7750-sr-7"})
    lab = raise_elements(two)
    known = [replace(one, models=()) for one in sample.images if one.platform == "cisco_xe"]
    with mirror_of(known) as mirror:
        bed = Bed(lab, mirror, known, contexts)
        outcome = bed.stage(XE)
        assert outcome.status is StepStatus.CHANGED, outcome.message
        assert [one["supervisor"] for one in outcome.data["files"]] == ["", "standby"]
        assert {one["proof"] for one in outcome.data["files"]} == {"sha512"}
        assert len(mirror.asked) == 1


def test_a_second_one_waits_for_the_place_of_the_first(tmp_path):
    first, second = (Line(tmp_path, "P01", 30.0) for _ in range(2))
    assert first.places(20.0) == 1
    with (
        clock.use(clock.ManualClock()),
        first.place(20.0, until=100.0, stop=lambda: False),
        pytest.raises(TargetTimeout),
        second.place(20.0, until=100.0, stop=lambda: False),
    ):
        pass
    with second.place(20.0, until=0.0, stop=lambda: False):
        pass


def test_the_cap_of_a_site_holds_for_all_its_workers_together(tmp_path):
    first, second = (Line(tmp_path, "P01", 8.0) for _ in range(2))
    other = Line(tmp_path, "P02", 8.0)
    with clock.use(clock.ManualClock()):
        for _ in range(50):
            first.take(10_000)
            second.take(10_000)
        assert clock.monotonic() == pytest.approx(1.0)
        other.take(1_000_000)
        assert clock.monotonic() == pytest.approx(2.0)
        Line(tmp_path, "P03", None).take(10**12)
        assert clock.monotonic() == pytest.approx(2.0)


class Standing:
    """A clock that stands: who sleeps is only written down, as if all came at one instant."""

    def __init__(self):
        self.slept = []

    def now(self):
        return datetime(2026, 1, 1, tzinfo=UTC)

    def monotonic(self):
        return 1000.0

    def sleep(self, seconds):
        self.slept.append(seconds)


def test_those_who_come_at_once_queue_behind_each_other(tmp_path):
    with clock.use(Standing()) as standing:
        for line in [Line(tmp_path, "P01", 8.0) for _ in range(3)]:
            line.take(100_000)
    assert standing.slept == pytest.approx([0.1, 0.2, 0.3])


def test_a_line_reserved_before_a_reboot_is_free(tmp_path):
    with clock.use(Standing()) as standing:
        line = Line(tmp_path, "P01", 8.0)
        (tmp_path / ".dcctl/staging/P01.bucket").write_text("99999999.0\n")
        line.take(100_000)
    assert standing.slept == pytest.approx([0.1])
