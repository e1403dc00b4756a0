"""What upgrades send, in which order, and what they make of the answers: cases of the vendors."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest
import yaml

from dcctl import clock, errors, platforms
from dcctl.executors.replay import file_name
from dcctl.model.upgrade import Image, ImageFile, Store
from tests.unit.platforms.scripted import ScriptedSession

TESTS = Path(__file__).parents[2]
CASES = [
    pytest.param(path.stem, case, id=f"{path.stem}-{case['title']}")
    for path in sorted((TESTS / "cases" / "upgrade").glob("*.yml"))
    for case in yaml.load(path.read_text(), yaml.CSafeLoader)["cases"]
]
READS = ("stores", "digest", "installed", "arrived")
KNOWN = {"title", "image", "previous", "answers", "do", "sent"}


def image(given, platform):
    files = given.get("files") or [given]
    return Image(
        name=f"{platform}-{given['version']}",
        platform=platform,
        version=given["version"],
        patch=given.get("patch", ""),
        bootloader=given.get("bootloader", ""),
        files=tuple(
            ImageFile(
                name=one["file"],
                size=one.get("size", 1),
                sha512="0",
                role=one.get("role", "system"),
            )
            for one in files
        ),
    )


class Run:
    """One case on its own session."""

    def __init__(self, name, case):
        self.upgrade, self.name = platforms.get(name).upgrade, name
        self.session = ScriptedSession(platforms.get(name), {})
        self.now(case["answers"])
        self.image = image(case["image"], name)
        self.previous = image(case["previous"], name) if "previous" in case else None

    def now(self, answers):
        """From here on these are the answers; `@` is the transcript of the command."""
        for command, text in answers.items():
            recorded = TESTS / "transcripts" / self.name / file_name(command)
            self.session.answers[command] = recorded.read_text() if text == "@" else text

    def do(self, what, given):
        """One call; `gives`, or the error's class."""
        if what == "now":
            self.now(given)
            return
        given = given if isinstance(given, dict) else {}
        if "raises" in given:
            with pytest.raises(getattr(errors, given["raises"])):
                self.call(what, given)
            return
        result = self.call(what, given)
        if "gives" in given:
            assert result == given["gives"]

    def call(self, what, given):
        if what not in READS:
            return getattr(self, what)(given)
        with self.session.reading():
            return getattr(self, what)(given)

    def stores(self, _given):
        return [asdict(store) for store in self.upgrade.stores(self.session)]

    def store(self, given, key="store"):
        supervisor, path = given[key]
        return Store(supervisor=supervisor, path=path, free=None)

    def digest(self, given):
        return list(self.upgrade.digest(self.session, self.store(given), given["file"]))

    def pull(self, given):
        self.upgrade.pull(self.session, given["url"], self.store(given), self.image.files[0])

    def copy(self, given):
        stores = (self.store(given), self.store(given, "to"))
        self.upgrade.copy(self.session, *stores, given["file"])

    def remove(self, given):
        self.upgrade.remove(self.session, self.store(given), given["file"])

    def installed(self, given):
        told = asdict(self.upgrade.installed(self.session))
        told = {name: list(v) if isinstance(v, tuple) else v for name, v in told.items()}
        return {name: told[name] for name in given.get("gives", {})}

    def prepare(self, _given):
        self.upgrade.prepare(self.session, self.image)

    def stage(self, name):
        with self.session.reading():
            stages = self.upgrade.stages(self.session, self.image)
        return next(stage for stage in stages if stage.name == name)

    def stages(self, _given):
        with self.session.reading():
            return [stage.name for stage in self.upgrade.stages(self.session, self.image)]

    def act(self, given):
        self.stage(given["stage"]).act(self.session, self.image, given.get("net_s", 3600))

    def arrived(self, given):
        return self.stage(given["stage"]).arrived(self.session, self.image)

    def commit(self, _given):
        self.upgrade.commit(self.session, self.image)

    def revert(self, _given):
        self.upgrade.revert(self.session, self.image, self.previous)


@pytest.mark.parametrize(("name", "case"), CASES)
def test_what_is_sent_is_what_the_vendor_documents(name, case):
    assert set(case) <= KNOWN
    with clock.use(clock.ManualClock()):
        run = Run(name, case)
        for step in case["do"]:
            ((what, given),) = step.items() if isinstance(step, dict) else ((step, {}),)
            run.do(what, given)
    assert run.session.changes == case.get("sent", [])
