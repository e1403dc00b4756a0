"""One real run over targets that each go wrong in their own way: one clear outcome each."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from dcctl import secrets
from dcctl.model.event import EventKind
from dcctl.model.outcome import Outcome
from dcctl.model.status import NotStarted, StepStatus
from dcctl.model.target import Connection, Target

from .conftest import Bench, step

TASKS = """\
- name: Write a file
  ansible.builtin.copy:
    content: "{{ demo_text }}"
    dest: "{{ demo_path }}"
    mode: "0600"
  notify: Tell
- name: Write more
  ansible.builtin.copy:
    content: "{{ item.name }}"
    dest: "{{ demo_path }}.{{ item.name }}"
    mode: "0600"
  loop: [{name: one, token: hush-hush-hush}, {name: two}]
- name: Keep it secret
  ansible.builtin.copy: {content: x, dest: "{{ demo_path }}.hidden", mode: "0600"}
  no_log: true
- name: Do not care
  ansible.builtin.command: /bin/false
  ignore_errors: true
  changed_when: false
- name: Recover
  block:
    - name: Fail at first
      ansible.builtin.fail: {msg: at first}
  rescue:
    - name: Carry on
      ansible.builtin.debug: {msg: carried on}
- name: Fail if told to
  ansible.builtin.command: "{{ demo_command }}"
  when: demo_command is defined
- name: Tidy up
  block:
    - name: Fail in a block if told to
      ansible.builtin.fail: {msg: in a block}
      when: demo_block is defined
  always:
    - name: Tidy
      ansible.builtin.debug: {msg: tidy}
- name: Report
  ansible.builtin.set_fact: {demo_report: {seen: "{{ demo_path }}"}}
"""
SPEC = """\
argument_specs:
  main:
    options:
      demo_path: {type: path, required: true}
"""


class Happened(NamedTuple):
    """The bench and the outcomes of its one run."""

    bench: Bench
    outcomes: dict[str, Outcome]


@pytest.fixture(scope="module")
def happened(shared: Bench) -> Happened:
    secrets.remember("correct-horse-battery")
    handlers = "- name: Tell\n  ansible.builtin.debug: {msg: told}\n  changed_when: true\n"
    shared.role("demo", TASKS, meta_argument_specs=SPEC, handlers_main=handlers)
    shared.role("later", "- name: Later\n  ansible.builtin.debug: {msg: later}\n")

    def box(name: str, **variables: object) -> Target:
        path = str(shared.root / name)
        return shared.target(name, **{"demo_path": path, "demo_text": "a", **variables})

    targets = [
        box("good"),
        box("failing", demo_command="/bin/ls /nowhere/correct-horse-battery"),
        box("blocked", demo_block=True),
        box("undefined", demo_text="{{ nobody_defined_this }}"),
        Target(**{**_fields(box("missing")), "variables": _without(box("missing"), "demo_path")}),
        Target(
            **{
                **_fields(box("away")),
                "connection": Connection(address="127.0.0.1", port=1),
                "variables": _without(box("away"), "ansible_connection"),
            }
        ),
        box("secretless", demo_password_secret="env:DCCTL_TEST_ABSENT"),
    ]
    steps = [step(t.name, role) for t in targets for role in ("demo", "later")]
    return Happened(shared, shared.run(steps, *targets))


def _fields(target: Target) -> dict[str, object]:
    return {name: getattr(target, name) for name in target.__dataclass_fields__}


def _without(target: Target, name: str) -> dict[str, object]:
    return {key: value for key, value in target.variables.items() if key != name}


def test_what_changed_is_told_task_by_task_and_item_by_item(happened: Happened) -> None:
    outcome = happened.outcomes["good/role:demo"]
    assert outcome.status is StepStatus.CHANGED
    assert outcome.changed == (
        "Write a file",
        "Write more [one]",
        "Write more [two]",
        "Keep it secret",
        "Tell",
    )
    assert outcome.started_at <= outcome.finished_at


def test_a_role_that_changed_nothing_is_ok(happened: Happened) -> None:
    outcome = happened.outcomes["good/role:later"]
    assert (outcome.status, outcome.changed, str(outcome.message)) == (StepStatus.OK, (), "")


def test_what_a_role_reports_is_in_its_outcome(happened: Happened) -> None:
    seen = {"demo": {"seen": str(happened.bench.root / "good")}}
    assert happened.outcomes["good/role:demo"].data == {"report": seen}


def test_a_failed_task_is_told_with_its_message_and_without_secrets(happened: Happened) -> None:
    outcome = happened.outcomes["failing/role:demo"]
    assert outcome.status is StepStatus.FAILED
    words = str(outcome.message)
    assert words.startswith("Fail if told to: ")
    assert "No such file or directory" in words
    assert "\n" not in words
    assert "correct-horse" not in words
    assert "Write a file" in outcome.changed  # what it did before it failed
    assert all("correct-horse-battery" not in text for text in happened.bench.kept)


def test_handlers_run_although_a_later_task_failed(happened: Happened) -> None:
    assert "Tell" in happened.outcomes["failing/role:demo"].changed


@pytest.mark.parametrize(
    ("target", "status", "words"),
    [
        (
            "undefined",
            StepStatus.FAILED,
            "Write a file: the variable nobody_defined_this is undefined",
        ),
        ("missing", StepStatus.FAILED, "role demo: missing required arguments: demo_path"),
        ("blocked", StepStatus.FAILED, "Fail in a block if told to: in a block"),
        ("away", StepStatus.UNREACHABLE, "nothing listens there (connection refused)"),
        ("secretless", StepStatus.ERROR, "the environment has no DCCTL_TEST_ABSENT"),
    ],
)
def test_each_trouble_has_one_clear_line(
    happened: Happened, target: str, status: StepStatus, words: str
) -> None:
    outcome = happened.outcomes[f"{target}/role:demo"]
    assert (outcome.status, str(outcome.message)) == (status, words)


@pytest.mark.parametrize("target", ["failing", "blocked", "undefined", "missing", "away"])
def test_a_later_role_of_a_lost_target_never_begins(happened: Happened, target: str) -> None:
    outcome = happened.outcomes[f"{target}/role:later"]
    assert outcome.status is StepStatus.NOT_STARTED
    assert outcome.reason == NotStarted.DEPENDENCY


def test_steps_are_on_record_once(happened: Happened) -> None:
    begun = happened.bench.started()
    assert sorted(begun) == [
        "away/role:demo",
        "blocked/role:demo",
        "blocked/role:later",  # what ran after its failure may be a rescue
        "failing/role:demo",
        "good/role:demo",
        "good/role:later",
        "missing/role:demo",
        "undefined/role:demo",
    ]


def test_a_playbook_that_cannot_begin_is_an_error_for_all(bench: Bench) -> None:
    bench.role("broken", "- name: [\n")
    outcome = bench.run([step("box", "broken")], bench.target("box"))["box/role:broken"]
    assert outcome.status is StepStatus.ERROR
    assert str(outcome.message).startswith("Ansible could not begin: ")
    assert "\n" not in str(outcome.message)


def test_nothing_but_the_lab_is_dialled_in_lab_mode(bench: Bench) -> None:
    bench.role("quiet", "- ansible.builtin.debug: {msg: x}\n")
    bench.lab = True
    target = Target(
        **{**_fields(bench.target("box")), "connection": Connection(address="192.0.2.7")}
    )
    outcome = bench.run([step("box", "quiet")], target)["box/role:quiet"]
    assert outcome.status is StepStatus.ERROR
    assert str(outcome.message) == "box: 192.0.2.7 is no address of the lab"


def test_a_step_in_doubt_runs_its_handlers_again(bench: Bench) -> None:
    """The process that began it may have died between a file and the restart it needs."""
    tasks = """\
        - name: Write
          ansible.builtin.copy: {content: a, dest: "{{ folder }}/a", mode: "0600"}
          notify: Restart
        """
    restart = "- name: Restart\n  ansible.builtin.debug: {msg: x}\n  changed_when: true\n"
    bench.role("served", tasks, handlers_main=restart)
    box = bench.target("box")
    plain = step("box", "served")
    doubted = replace(plain, settings={**plain.settings, "in_doubt": True})
    assert bench.run([plain], box)[plain.id].changed == ("Write", "Restart")
    assert bench.predict([plain], box)[plain.id] == ()
    assert bench.predict([doubted], box)[plain.id] == ("Restart",)
    assert bench.run([doubted], box)[plain.id].changed == ("Restart",)


def test_predictions_contain_what_then_changes(bench: Bench, tmp_path: Path) -> None:
    bench.role(
        "steps",
        """\
        - name: Make a folder
          ansible.builtin.file: {path: "{{ folder }}/new", state: directory, mode: "0700"}
        - name: Write into it
          ansible.builtin.copy:
            content: "{{ item }}"
            dest: "{{ folder }}/new/{{ item }}"
            mode: "0600"
          loop: [a, b]
          notify: Restart
        - name: Run something
          ansible.builtin.command: /bin/true
          changed_when: true
        - name: Look only
          ansible.builtin.command: /bin/true
          check_mode: false
          changed_when: false
        - name: Not here
          ansible.builtin.command: /bin/true
          when: false
        """,
        handlers_main="- name: Restart\n  ansible.builtin.debug: {msg: x}\n  changed_when: true\n",
    )
    bench.role("bad", '- name: Bad\n  ansible.builtin.debug: {msg: "{{ nobody }}"}\n')
    box = bench.target("box")
    steps = [step("box", "steps")]
    predicted = bench.predict([*steps, step("box2", "bad")], box, bench.target("box2"))
    assert not (tmp_path / "new").exists()
    assert predicted["box2/role:bad"] is None  # not an empty prediction: an unknown one
    ((kind, told),) = bench.emitted
    assert (kind, told["step"]) == (EventKind.STEP_PROGRESS, "box2/role:bad")
    assert str(told["message"]) == "Bad: the variable nobody is undefined"
    assert bench.started() == []
    outcome = bench.run(steps, box)["box/role:steps"]
    assert outcome.changed == (
        "Make a folder", "Write into it [a]", "Write into it [b]", "Run something", "Restart",
    )  # fmt: skip
    assert set(predicted["box/role:steps"]) == set(outcome.changed)
