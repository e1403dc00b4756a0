"""Images put on elements over real SSH: pushed, pulled, continued, proven, refused."""

from __future__ import annotations

import pytest

from dcctl.executors.device_session import DeviceSessions
from dcctl.executors.staging import survey
from dcctl.lab.image_mirror import mirror_of
from dcctl.model.event import EventKind
from dcctl.model.status import StepStatus
from dcctl.model.upgrade import Mirror, StagingPolicy, Way
from dcctl.planning.staging import look_step, stage_order, stage_step
from dcctl.platforms import get

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


@pytest.fixture
def bed(raise_elements, sample, contexts):
    lab = raise_elements(XE, XR)
    known = [image for image in sample.images if image.platform in ("cisco_xe", "cisco_xr")]
    with mirror_of(known) as mirror:
        bed = Bed(lab, mirror, known, contexts)
        bed.configure(XE, "ip scp server enable")
        yield bed


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
