"""One simulated element whose evidence is at hand, and the record of having read it."""

from __future__ import annotations

import hashlib

from dcctl.errors import NotFound
from dcctl.journal import redaction
from dcctl.model import plain
from dcctl.model.plan import Plan
from dcctl.model.record import Run, RunRecord
from dcctl.model.status import RunStatus
from tests.unit.upgrading.scene import Scene


class Kept(Scene):
    """A scene that keeps what was answered."""

    def __post_init__(self) -> None:
        self.blobs: dict[str, bytes] = {}
        super().__post_init__()

    def _keep(self, content, **_):
        data = redaction.redact_content(content)  # as the journal keeps it
        digest = hashlib.sha256(data).hexdigest()
        self.blobs[digest] = data
        return digest

    def blob(self, digest: str) -> bytes:
        if digest not in self.blobs:
            raise NotFound("no evidence {name}", name=digest)
        return self.blobs[digest]


def record_of(scene: Kept) -> tuple[RunRecord, dict]:
    topics = tuple(c.topic for c in scene.platform.collectors)
    readings = scene.executor.read(scene.target, topics)
    plan = Plan(
        verb="audit",
        estate="x",
        lab=True,
        targets={scene.name: scene.target},
        steps=(),
        waves=(),
    )
    run = Run(id="r", verb="audit", status=RunStatus.FINISHED, plan_hash="")
    kept = {topic: plain.to_plain(reading) for topic, reading in readings.items()}
    return RunRecord(run=run, plan=plan, outcomes={}, readings={scene.name: kept}), readings
