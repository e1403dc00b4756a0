"""`dcctl approve` as a person calls it, with an approver who has no access."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dcctl.estate.signers import FILE
from dcctl.workflows.services import open_site
from tests.unit.cli.test_words import dcctl as called
from tests.unit.estate import site
from tests.unit.journal.conftest import small_plan
from tests.unit.workflows.keys import agent, make_key, public, signed


def dcctl(root: Path, *arguments: str, language: str = "en", **more: str):
    return called(root, *arguments, language=language, **more)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return site.write(tmp_path / "site")


@pytest.fixture
def key(root: Path, tmp_path: Path) -> Path:
    made = make_key(tmp_path, "binh")
    (root / FILE).write_text(f"binh@dc.vn {public(made)}\n")
    return made


@pytest.fixture
def plan(root: Path) -> str:
    made = replace(small_plan(), verb="upgrade", estate="small", lab=False)
    made = replace(made, hash=made.content_hash())
    with open_site(root, operator="an") as services:
        services.journal.keep_plan(made, operator="an")
    return made.hash[:12]


def test_who_still_has_to_and_a_signature_made_elsewhere(root, key, plan, tmp_path) -> None:
    waiting = dcctl(root, "approve", plan, "--show")
    assert waiting.returncode == 6
    assert f"plan {plan} by an still needs approver: 1; whoever may: binh@dc.vn" in waiting.stderr
    text = dcctl(root, "approve", plan, "--statement", "--as", "binh@dc.vn").stdout
    file = tmp_path / "plan.json"
    file.write_text(text)
    file.with_suffix(".json.sig").write_text(signed(text, key, "dcctl-plan@v1"))
    done = dcctl(root, "approve", plan, "--signature", f"{file}.sig", "-o", "json")
    assert done.returncode == 0, done.stderr
    (one,) = json.loads(done.stdout)["good"]
    assert (one["approver"], one["statement"]) == ("binh@dc.vn", text)
    assert dcctl(root, "approve", plan, "--show").returncode == 0
    file.write_text(text.replace("upgrade", "upgrada"))
    altered = dcctl(root, "approve", plan, "--signature", f"{file}.sig")
    assert (altered.returncode, "says verb upgrada" in altered.stderr) == (6, True)


def test_a_key_in_a_file_and_one_in_the_agent(root, key, plan) -> None:
    unasked = dcctl(root, "approve", plan, "--key", str(key))
    assert (unasked.returncode, "nothing was signed" in unasked.stderr) == (6, True)
    with agent(key) as told:
        done = dcctl(root, "approve", plan, "--yes", **told)
    assert done.returncode == 0, done.stderr
    assert '"plan":"' in done.stderr  # what is signed is shown
    assert dcctl(root, "approve", plan, "--yes", "--key", str(key)).returncode == 0


def test_signers_are_changed_by_one_of_them(root, key, plan, tmp_path) -> None:
    dcctl(root, "approve", plan, "--show")  # pins
    other = make_key(tmp_path, "chi")
    with (root / FILE).open("a") as file:
        file.write(f"chi@dc.vn {public(other)}\n")
    altered = dcctl(root, "approve", plan, "--show")
    assert (altered.returncode, "is not the one that is pinned" in altered.stderr) == (6, True)
    stranger = dcctl(root, "approve", "--signers", "--yes", "--key", str(other))
    assert (stranger.returncode, "is not in inventory" in stranger.stderr) == (6, True)
    done = dcctl(root, "approve", "--signers", "--yes", "--key", str(key))
    assert (done.returncode, "+ chi@dc.vn" in done.stderr) == (0, True)
    assert "chi@dc.vn" in dcctl(root, "approve", plan, "--show").stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "name a plan, or give --signers"),
        (["PLAN", "--signers"], 2, "name a plan, or give --signers"),
        (["ffff"], 2, "no plan ffff in the journal (the newest that change something: "),
        (["PLAN", "--statement"], 2, "--statement needs --as NAME"),
        (["PLAN", "--role", "king"], 2, "there is no role king"),
        (["PLAN", "--key", "absent", "--yes"], 2, "there is no such key"),
        (["PLAN", "--signature", "absent.sig"], 2, "can't be read"),
        (["PLAN", "--signature", "dcctl.yml"], 2, "ends in .sig"),
        (["PLAN", "--yes"], 2, "no SSH agent can be reached"),
    ],
)
def test_what_is_wrong_is_one_line(root, key, plan, arguments, code, said) -> None:
    arguments = [plan if one == "PLAN" else one for one in arguments]
    done = dcctl(root, "approve", *arguments, SSH_AUTH_SOCK="/nowhere/socket")
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr.splitlines()[-1]


def test_apply_asks_for_signatures_where_the_policy_says_so(root, key) -> None:
    made = replace(small_plan(), estate="small", lab=False, targets={}, steps=(), waves=())
    made = replace(made, hash=made.content_hash())
    (root / "dcctl.yml").write_text(site.FILES["dcctl.yml"] + "policy: {approvals: {build: 1}}\n")
    with open_site(root, operator="an") as services:
        services.journal.keep_plan(made, operator="an")
        pinned = f"journal: {{id: {services.journal.id}}}\n"
    with (root / "dcctl.yml").open("a") as file:
        file.write(pinned)
    done = dcctl(root, "apply", made.hash[:12], "--yes")
    assert (done.returncode, "approver: 1" in done.stderr) == (6, True), done.stderr


def test_its_help_is_vietnamese(root) -> None:
    text = dcctl(root, "approve", "--help", language="vi").stdout
    assert "Ký một kế hoạch bằng khóa SSH" in text
    assert "Sign" not in text
