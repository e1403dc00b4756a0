"""Reading is proved to have changed nothing, and what was not understood is counted."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from dcctl import clock, platforms, reports
from dcctl.contracts import Output
from dcctl.errors import Unreachable
from dcctl.executors import _outcomes, unchanged
from dcctl.executors._probe import compose, extract
from dcctl.model import plain
from dcctl.model.assessment import Assessment
from dcctl.model.observed import Observed, Steadiness, together
from dcctl.model.status import FindingStatus, ReadingStatus
from dcctl.workflows.audit import again
from dcctl.workflows.audit.assess import Profile, assess
from dcctl.workflows.catalogue import catalogue
from dcctl.workflows.rehearsal import sessions
from tests.unit.workflows.audited import Kept, record_of

PROFILE = Profile(as_of=date(2026, 11, 22))
ELEMENTS = ("p01-pe1", "hl-cor-r1", "p08-pe1", "p38-pe1", "p42-pe1", "p46-pe1", "p48-pe1")
XE = "p01-pe1"


class Watching(sessions.Wire):
    """Does something before the exchange of a certain number; counts them."""

    def __init__(self) -> None:
        super().__init__(0, 0)
        self.count, self.at, self.act = 0, -1, lambda: None

    def before(self, name: str) -> None:
        self.count += 1
        if self.count == self.at:
            self.act()
        super().before(name)


def scene_of(name: str, time) -> tuple[Kept, Watching]:
    scene, wire = Kept(name=name, time=time), Watching()
    scene.executor = sessions.simulated(scene.network, wire)(
        "device_session", scene.executor._context
    )
    return scene, wire


def topics_of(scene: Kept) -> tuple[str, ...]:
    return tuple(one.topic for one in scene.platform.collectors)


@pytest.fixture
def time():
    with clock.use(clock.ManualClock()) as found:
        yield found


def changed_meanwhile(scene: Kept, wire: Watching, lines: str):
    """One read, in the middle of which somebody configures the element."""
    wire.count, wire.at = 0, 12
    wire.act = lambda: scene.network.configure(scene.name, lines)
    return scene.executor.read(scene.target, (*topics_of(scene), unchanged.TOPIC))


@pytest.mark.parametrize("name", ELEMENTS)
def test_it_costs_one_read_more_and_finds_a_change_meanwhile(time, name) -> None:
    scene, wire = scene_of(name, time)
    scene.executor.read(scene.target, topics_of(scene))
    alone, wire.count = wire.count, 0
    scene.executor.release(name)
    scene.pass_time(600)  # clocks in headers move on
    found = scene.executor.read(scene.target, (*topics_of(scene), unchanged.TOPIC))
    assert wire.count == alone + 1
    assert found[unchanged.TOPIC].value.same
    assert found[unchanged.TOPIC].value.looked_at > 50

    show = scene.platform.config_command
    running = scene.executor.reading(scene.target, lambda session: session.send(show))
    text = running.replace("mtu 9", "mtu 8").replace("9216", "9000").replace("9000", "8000")
    text = text if text != running else "hostname else\n"
    value = changed_meanwhile(scene, wire, text)[unchanged.TOPIC].value
    assert not value.same
    assert value.before != value.after
    assert value.differing


def test_a_change_of_a_secret_alone_is_found_too(time) -> None:
    platform = platforms.get("cisco_xe")
    before = "hostname a\nusername x secret 9 $9$abcdefgh\nend\n"
    after = before.replace("abcdefgh", "zyxwvuts")
    found = unchanged.of_texts(platform, before, after)
    assert (found.same, found.before == found.after, found.differing) == (False, True, ())
    moved = before.replace("hostname a", "! Last configuration change at 1\nhostname a")
    assert unchanged.of_texts(platform, before, moved).same


def test_what_can_not_be_looked_at_again_is_not_known(time) -> None:
    scene, wire = scene_of(XE, time)
    scene.executor.read(scene.target, (unchanged.TOPIC,))
    wire.count, wire.at = 0, 2

    def deaf() -> None:
        raise Unreachable("gone")

    wire.act = deaf
    found = scene.executor.read(scene.target, (unchanged.TOPIC,))[unchanged.TOPIC]
    assert found.status is ReadingStatus.PARSED  # the session was made anew
    wire.count, wire.at = 0, -1
    cut = replace(scene.platform, config_end="never")
    output = Output(command="show running-config", text="hostname a\n")
    reading = _outcomes.compared(cut, lambda: [(output, "x"), (output, "x")])
    assert reading.status is ReadingStatus.ERROR
    assert "not a whole configuration" in reading.message


def test_a_server_tells_which_file_changed(tmp_path) -> None:
    """The real script: both looks stand around the other probes, in one process and one answer."""
    (tmp_path / "a").write_text("one")
    (tmp_path / "b").write_text("one")
    linux = platforms.get("linux")
    here = f"\nFILES, FOLDERS = [{str(tmp_path / 'a')!r}, {str(tmp_path / 'none')!r}], "
    look = f"SALT = 'x'\n{linux.config_probe}{here}[{str(tmp_path)!r}]\n"
    spoils = f"def probe():\n    return open({str(tmp_path / 'b')!r}, 'w').write('two')\n"
    sources = {"unchanged/0": look, "version/0": spoils, "unchanged/1": look}
    script = compose(sources, marker="m", seconds=20)
    done = subprocess.run(
        [sys.executable, "-"], input=script, capture_output=True, text=True, check=True
    )
    answers = extract(done.stdout, "m", name="s", status=0)
    before, after = (json.dumps(answers[f"unchanged/{n}"]["data"]) for n in (0, 1))
    found = unchanged.of_kept(linux, before, after)
    assert not found.same
    assert found.differing == (str(tmp_path / "b"),)
    assert found.looked_at == 2
    assert unchanged.of_kept(linux, before, before).same


def test_its_list_is_fixed_and_bounded(tmp_path) -> None:
    linux = platforms.get("linux")
    for word in ("os.walk", "glob", "rglob", "subprocess.run(argv, shell"):
        assert word not in linux.config_probe
    for number in range(150):
        (tmp_path / f"{number:03}").write_text("x")
    look = f"SALT = 'x'\n{linux.config_probe}\nFILES, FOLDERS = [], [{str(tmp_path)!r}]\n"
    script = compose({"unchanged/0": look}, marker="m", seconds=20)
    done = subprocess.run(
        [sys.executable, "-"], input=script, capture_output=True, text=True, check=True
    )
    assert len(extract(done.stdout, "m", name="s", status=0)["unchanged/0"]["data"]) == 100


# --- what it makes of the results ---


@pytest.fixture(scope="module")
def judged():
    """One element that stayed as it was, and one that somebody configured meanwhile."""
    with clock.use(clock.ManualClock()) as time:
        found = []
        for lines in ("", "ip http server\n"):
            scene, wire = scene_of(XE, time)
            record, _ = record_of(scene)
            kept = (
                changed_meanwhile(scene, wire, lines)
                if lines
                else scene.executor.read(scene.target, (*topics_of(scene), unchanged.TOPIC))
            )
            read = {XE: {topic: plain.to_plain(one) for topic, one in kept.items()}}
            record = replace(record, readings=read)
            told = assess(record, scene.blob, catalogue(), PROFILE, "test")
            found.append((scene, replace(record, assessment=told)))
    return found


def test_results_of_a_host_that_changed_are_marked(judged) -> None:
    (_, well), (_, moved) = judged
    assert well.assessment.observed[0].configuration is Steadiness.SAME
    (seen,) = moved.assessment.observed
    assert seen.configuration is Steadiness.CHANGED
    assert "+ip http server" in [line.replace("+ ", "+") for line in seen.differing]
    for one in moved.assessment.results:
        marked = "changed while it was read" in str(one.message)
        assert marked == (one.target == XE)
    assert not any("while it was read" in str(one.message) for one in well.assessment.results)
    told = next(one for one in moved.assessment.results if one.target == XE)
    assert "đọc" in told.message.in_language("vi")


@pytest.mark.parametrize("form", ["html", "markdown", "csv", "json", "xlsx", "sarif", "oscal"])
def test_every_format_says_so(judged, form) -> None:
    _, (_, moved) = judged
    content = reports.get(form).render(moved, "en")
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    assert b"changed while it was read" in content
    if form in ("html", "markdown", "xlsx"):
        assert b"no parser understood" in content


def test_a_look_that_was_lost_or_altered_is_not_known(judged) -> None:
    scene, record = judged[0]
    digest = record.readings[XE][unchanged.TOPIC]["answers"][0]["digest"]

    def lost(asked: str) -> bytes:
        return scene.blob("0" * 64 if asked == digest else asked)

    _, seen = again.observed(record, XE, lost)
    assert seen.configuration is Steadiness.UNKNOWN

    def altered(asked: str) -> bytes:
        return b"hostname other\nend\n" if asked == digest else scene.blob(asked)

    assert again.observed(record, XE, altered)[1].configuration is Steadiness.SAME  # one blob twice
    moved_scene, moved = judged[1]
    one = moved.readings[XE][unchanged.TOPIC]["answers"][1]["digest"]
    first = moved.readings[XE][unchanged.TOPIC]["answers"][0]["digest"]
    same = again.observed(
        moved, XE, lambda asked: moved_scene.blob(first if asked == one else asked)
    )
    assert same[1].configuration is Steadiness.CHANGED  # what was told then stays told


def test_lines_that_nobody_understood_are_counted_once(judged) -> None:
    scene, record = judged[0]
    (seen,) = record.assessment.observed
    assert seen.lines > 500
    assert seen.unread == 0
    answer = record.readings[XE]["version"]["answers"][0]["digest"]
    noise = b"what\nis\n\nthis\n"
    _, odd = again.observed(
        record, XE, lambda asked: noise if asked == answer else scene.blob(asked)
    )
    assert odd.unread == 3
    assert (
        odd.lines
        == seen.lines
        - len([line for line in scene.blob(answer).decode().splitlines() if line.strip()])
        + 3
    )
    configurations = {  # what runs, read by many topics; what is saved, by the one that compares
        answer["digest"]
        for reading in record.readings[XE].values()
        for answer in reading.get("answers", ())
        if answer["command"] in ("show running-config", "show startup-config")
    }
    assert len(configurations) == 2
    _, shared = again.observed(
        record, XE, lambda asked: noise if asked in configurations else scene.blob(asked)
    )
    assert shared.unread == 2 * 3  # each once


def test_the_sums_and_who_stands_out() -> None:
    told = together(
        (
            Observed(target="a", configuration=Steadiness.SAME, lines=100, unread=1),
            Observed(target="b", configuration=Steadiness.CHANGED, lines=10, unread=5),
            Observed(target="c", configuration=Steadiness.UNKNOWN),
        )
    )
    assert (told.same, told.changed, told.unknown) == (1, ("b",), ("c",))
    assert (told.lines, told.unread, told.worst) == (110, 6, "b")


def test_an_assessment_of_an_older_version_can_still_be_read(judged) -> None:
    found = judged[0][1].assessment
    data = plain.to_plain(found)
    assert plain.from_plain(Assessment, data).observed == found.observed
    for name in ("observed", "sample", "bounds"):
        del data[name]
    assert plain.from_plain(Assessment, data).observed == ()
    assert {r.status for r in found.results} >= {FindingStatus.PASS}
