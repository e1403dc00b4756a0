"""The router: whole commands only, whole answers only, never another command's topic."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml
from textfsm import TextFSM

from dcctl import platforms
from dcctl.platforms import _templates
from dcctl.platforms._textfsm import template
from tests.unit.platforms import recordings

CASES = Path(__file__).parents[2] / "cases/parsing"
ROUTES = yaml.load((CASES / "routes.yaml").read_text(), yaml.CSafeLoader)
DISTURBED = yaml.load((CASES / "disturbed.yaml").read_text(), yaml.CSafeLoader)
SAME = {
    platform: [set(commands) for commands in families]
    for platform, families in yaml.load(
        (CASES / "same_answers.yaml").read_text(), yaml.CSafeLoader
    ).items()
}
KNOWN = platforms.all_platforms()


def collectors(platform):
    found = KNOWN[platform].collectors if platform in KNOWN else ()
    return [collector for collector in found if len(collector.commands) == 1]


def same_answer(platform, one, other):
    return one == other or any({one, other} <= family for family in SAME.get(platform, ()))


def right_topic(platform, command, parsed):
    typed = [c.topic for c in collectors(platform) if c.commands == (command,)]
    if parsed.topic == ",".join(typed):
        return True
    found = _templates.route(platform, command)
    return found is not None and parsed.topic == found.topic


@pytest.mark.parametrize(
    ("platform", "command", "wanted"),
    [(p, c, name) for p, commands in ROUTES.items() for c, name in commands.items()],
)
def test_only_a_whole_command_finds_its_template(platform, command, wanted):
    found = _templates.route(platform, " ".join(command.split()))
    assert (found.paths[0].stem if found else None) == wanted


@pytest.mark.parametrize("recording", recordings.per_recording())
def test_a_real_answer_is_understood_whole_or_said_not_to_be(recording):
    parsed = platforms.parse(recording.platform, recording.command, recording.text)
    assert parsed.status != "no_template"
    if parsed.status == "parsed":
        assert right_topic(recording.platform, recording.command, parsed)
        assert parsed.records or parsed.fact
    else:
        assert not parsed.records
        assert parsed.fact is None
    if parsed.status == "error":
        assert str(parsed.message)


@recordings.needed
def test_nearly_all_real_answers_are_understood():
    statuses = [
        platforms.parse(r.platform, r.command, r.text).status for r in recordings.recordings()
    ]
    assert statuses.count("parsed") >= 0.97 * len(statuses)


def others(recording, share):
    """Commands that `recording` is no answer to; `share` of 16 of them, always the same ones."""
    commands = {route.topic for route in _templates.routes(recording.platform)}
    commands |= {collector.commands[0] for collector in collectors(recording.platform)}
    for command in sorted(commands):
        key = f"{recording.path.name} {command}".encode()
        chosen = hashlib.sha256(key).digest()[0] % 16 < share
        if chosen and not same_answer(recording.platform, recording.command, command):
            yield command


@pytest.mark.parametrize(
    "share", [pytest.param(2, id="some"), pytest.param(16, id="all", marks=pytest.mark.slow)]
)
@recordings.needed
def test_no_answer_lands_in_another_commands_topic(share):
    wrong = []
    for recording in recordings.recordings():
        text = recording.text
        for command in others(recording, share):
            parsed = platforms.parse(recording.platform, command, text)
            if parsed.status in ("parsed", "empty"):
                wrong.append((recording.path.name, command, parsed.status, parsed.topic))
    assert not wrong


def entries(parsed):
    """What was understood, one by one: a fact's items, or records."""
    return list(parsed.fact.items if parsed.fact is not None else parsed.records)


@pytest.mark.parametrize("case", DISTURBED["answers"], ids=lambda case: case["command"])
@pytest.mark.parametrize("name", DISTURBED["disturbances"])
def test_what_stands_in_between_is_never_part_of_a_fact(case, name):
    platform, command, text = case["platform"], case["command"], case["text"]
    whole = platforms.parse(platform, command, text)
    assert (whole.status, len(entries(whole))) == ("parsed", case["entries"])
    lines = text.splitlines(keepends=True)
    for at in range(len(lines) + 1):
        disturbed = "".join([*lines[:at], DISTURBED["disturbances"][name], *lines[at:]])
        parsed = platforms.parse(platform, command, disturbed)
        assert parsed.status in ("parsed", "error"), (at, parsed)
        if parsed.status == "parsed":
            assert entries(parsed) == entries(whole), at
        if name in ("pager", "pager of Junos", "pager of VRP", "binary", "wrong encoding"):
            assert parsed.status == "error"


@pytest.mark.parametrize("case", DISTURBED["answers"], ids=lambda case: case["command"])
def test_an_answer_cut_short_has_no_record_that_the_whole_has_not(case):
    whole = platforms.parse(case["platform"], case["command"], case["text"])
    for end in range(len(case["text"])):
        cut = platforms.parse(case["platform"], case["command"], case["text"][:end])
        assert cut.status in ("parsed", "empty", "error")
        if case["text"][end - 1 : end] == "\n":  # whole lines
            assert all(entry in entries(whole) for entry in entries(cut))


@pytest.mark.parametrize(
    "said",
    [
        "% Invalid input detected at '^' marker.",
        "                  ^\n% Invalid input detected at '^' marker.",
        "% Incomplete command.",
        "Error: Unrecognized command found at '^' position.",
        "Error:Incomplete command found at '^' position.",
        "error: syntax error, expecting <command>: shw",
        "Error: Bad command.",
        "MINOR: CLI Command not allowed for this user.",
        "SHELL PARSER FAILURE: 'x' - invalid input",
        "Command authorization failed.",
    ],
)
def test_a_refusal_is_an_error_for_every_command(said):
    for platform in (*KNOWN, "cisco_xr", "cisco_nxos", "nokia_sros", "huawei_vrp", "arista_eos"):
        if platform == "linux":
            continue
        commands = {route.topic for route in _templates.routes(platform)}
        commands |= {collector.commands[0] for collector in collectors(platform)}
        for command in commands:
            parsed = platforms.parse(platform, command, f"{said}\n")
            assert parsed.status == "error", (platform, command, parsed)


def test_an_echo_above_and_a_prompt_below_are_no_part_of_the_answer():
    (case,) = [c for c in DISTURBED["answers"] if c["command"] == "show ip ospf neighbor"]
    framed = f"r1#sh ip ospf neigh\r\n{case['text']}r1#"
    framed = framed.replace("\n", "\r\n").replace("\r\r", "\r")
    assert len(entries(platforms.parse("cisco_xe", case["command"], framed))) == case["entries"]
    strange = framed.replace("sh ip ospf neigh", "sh ip route")
    assert platforms.parse("cisco_xe", case["command"], strange).status == "error"
    assert platforms.parse("cisco_xe", "show ip route", framed).status == "error"


def test_nothing_endless_is_looked_at():
    for text in ("a" * 40_000_000, "Neighbor ID " * 100, "- " * 5000):
        assert platforms.parse("cisco_xe", "show ip ospf neighbor", text).status == "error"


# --- templates ---------------------------------------------------------------------------------

INTERFACE = "TenGigabitEthernet0/0/{n} is up, line protocol is up\n  Hardware is X, address is 0011.2233.44{n:02d} (bia 0011.2233.44{n:02d})\n  Description: port {n}\n  MTU 9100 bytes, BW 10000000 Kbit/sec, DLY 10 usec,\n"  # noqa: E501 - as it stands in an answer
PATH = _templates.route("cisco_xe", "show interfaces").paths[0]


def interfaces(count):
    return "".join(INTERFACE.format(n=n) for n in range(count))


def test_one_template_serves_many_threads_at_once():
    texts = [interfaces(count) for count in range(1, 60)]
    alone = [template(PATH).scan(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            assert list(pool.map(template(PATH).scan, texts)) == alone
    assert [len(scan.records) for scan in alone] == list(range(1, 60))


def test_what_is_remembered_of_lines_is_bounded_and_changes_nothing():
    shared = template(PATH)
    text = interfaces(20)
    before = shared._scan(text)
    for turn in range(3):
        shared._scan("".join(f"  Description: port {turn} {n}\n" for n in range(2000)))
        assert len(shared._first._known) <= 4096
    assert shared._scan(text) == before


@recordings.needed
def test_the_records_are_those_of_textfsm_itself():
    for recording in recordings.recordings()[::5]:
        found = _templates.route(recording.platform, recording.command)
        scan = template(found.paths[0]).scan(recording.text)
        if not scan.refused:
            with found.paths[0].open() as file:
                machine = TextFSM(file)
            names = [name.lower() for name in machine.header]
            rows = machine.ParseText(recording.text)
            assert list(scan.records) == [dict(zip(names, row, strict=True)) for row in rows]
