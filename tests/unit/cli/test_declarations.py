"""`dcctl audit waiver|attestation`: written, signed by two people, judged, and never by an auditor.

From the command line, with real keys: who audits changes nothing, who operates witnesses nothing.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dcctl.errors import Refused
from dcctl.estate.signers import FILE
from dcctl.workflows.journal import checkpoint, key, witness
from dcctl.workflows.services import open_site
from dcctl.workflows.signers import pinned
from dcctl.workflows.ssh import ssh_session
from tests.unit.cli.test_approve import dcctl
from tests.unit.estate import site
from tests.unit.journal.conftest import small_plan
from tests.unit.workflows.declared import Desk, people
from tests.unit.workflows.keys import public, signed

POLICY = "policy: {auditors: [eve], attestors: {owner: [chi]}}\n"
NEW = {
    "--control": "DC-NET-002",
    "--hosts": "r1",
    "--compensating": "DC-NET-006@routers",
    "--reason": "the portal needs it until its new release",
    "--from": "2026-11-01",
    "--until": "2027-10-31",
    "--requested-by": "an@dc.vn",
    "--approved-by": "binh@dc.vn",
}


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    return people(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def root(tmp_path: Path, keys) -> Path:
    made = site.write(tmp_path / "site")
    (made / FILE).write_text("".join(f"{n}@dc.vn {public(key)}\n" for n, key in keys.items()))
    with (made / "dcctl.yml").open("a") as file:
        file.write(POLICY)
    return made


def new(root: Path, name: str = "w1", **said: str):
    options = {**NEW, **{f"--{key.replace('_', '-')}": value for key, value in said.items()}}
    return dcctl(
        root, "audit", "waiver", "new", name, *(part for one in options.items() for part in one)
    )


@pytest.mark.slow
def test_a_waiver_from_its_first_word_to_its_second_signature(root, keys, tmp_path) -> None:
    refused = new(root, control="DC-NET-999")
    assert (refused.returncode, refused.stdout) == (6, "")
    assert "no row and no check called DC-NET-999" in refused.stderr
    assert new(root).returncode == 0
    file = root / "inventory/waivers/w1.yml"
    file.write_text("# see ticket 4711\n" + file.read_text())
    unsigned = dcctl(root, "audit", "waiver", "list")
    assert (unsigned.returncode, "lacks the signature of an@dc.vn" in unsigned.stdout) == (6, True)
    sign = ("audit", "waiver", "sign", "w1")
    assert dcctl(root, *sign, "--yes", "--key", str(keys["an"])).returncode == 0
    text = dcctl(root, *sign, "--statement", "--as", "binh@dc.vn").stdout
    statement = tmp_path / "w1.json"
    statement.write_text(text)
    statement.with_suffix(".json.sig").write_text(signed(text, keys["binh"], "dcctl-waiver@v1"))
    done = dcctl(root, *sign, "--signature", f"{statement}.sig")
    assert "signed: w1 by binh@dc.vn (approver)" in done.stderr
    listed = dcctl(root, "audit", "waiver", "list", "-o", "json")
    (one,) = json.loads(listed.stdout)
    assert (listed.returncode, one["problem"]) == (0, None)
    assert file.read_text().startswith("# see ticket 4711\ncontrol:")
    file.write_text(file.read_text().replace("hosts: r1", "hosts: all"))
    altered = dcctl(root, "audit", "waiver", "list")
    assert (altered.returncode, "altered after an@dc.vn had signed it" in altered.stdout) == (
        6,
        True,
    )


@pytest.mark.slow
def test_an_attestation_by_who_holds_its_role_and_nobody_else(root, keys) -> None:
    say = (
        "audit",
        "attestation",
        "new",
        "regulation",
        "--row",
        "DC-GOV-005",
        "--from",
        "2026-11-01",
    )
    told = ("--statement", "the regulation of 1 March is older than the decision")
    assert dcctl(root, *say, *told, "--by", "chi@dc.vn").returncode == 0
    text = (root / "inventory/attestations/regulation.yml").read_text()
    assert "role: owner" in text
    assert "until: '2027-11-01'" in text
    sign = ("audit", "attestation", "sign", "regulation", "--yes", "--key")
    wrong = dcctl(root, *sign, str(keys["binh"]))
    assert (wrong.returncode, "is not for binh@dc.vn to sign" in wrong.stderr) == (6, True)
    assert dcctl(root, *sign, str(keys["chi"])).returncode == 0
    listed = dcctl(root, "audit", "attestation", "list")
    assert listed.returncode == 6  # eleven rows have none
    assert listed.stdout.count("nobody has signed for it") == 11


# --- who audits neither approves nor applies; who operates witnesses nothing ---


@pytest.fixture
def plan(root: Path) -> str:
    made = replace(small_plan(), verb="upgrade", estate="small", lab=False)
    made = replace(made, hash=made.content_hash())
    with open_site(root, operator="an") as services:
        services.journal.keep_plan(made, operator="an")
        marker = f"journal: {{id: {services.journal.id}}}\n"
    with (root / "dcctl.yml").open("a") as file:
        file.write(marker)
    return made.hash[:12]


def test_an_auditor_approves_applies_and_waives_nothing(root, plan, keys) -> None:
    eve = ("--yes", "--key", str(keys["eve"]))
    signed_plan = dcctl(root, "approve", plan, *eve)
    assert signed_plan.returncode == 6
    assert "eve@dc.vn is an auditor of this estate, and approves nothing" in signed_plan.stderr
    applied = dcctl(root, "apply", plan, "--yes", LOGNAME="eve")
    assert applied.returncode == 6
    assert "eve is an auditor of this estate, and changes nothing" in applied.stderr
    waiver = Desk(keys, estate="small").waiver(approved_by="eve@dc.vn", hosts="r1", seats=())
    (root / waiver.file).parent.mkdir()
    (root / waiver.file).write_text(waiver.text)
    waived = dcctl(root, "audit", "waiver", "sign", "w1", *eve)
    assert (waived.returncode, "eve@dc.vn is an auditor" in waived.stderr) == (6, True)
    assert (root / waiver.file).read_text() == waiver.text


@pytest.mark.parametrize("operator", ["eve", "eve as root", "an as eve"])
def test_an_auditor_has_no_session_in_which_nothing_would_hold_him(root, operator) -> None:
    with open_site(root, operator=operator) as services, pytest.raises(Refused, match="auditor"):
        ssh_session("r1", services)


def test_an_auditor_lets_no_other_signers_into_force(root, keys) -> None:
    with open_site(root, operator="an") as services:
        pinned(services)
    with (root / FILE).open("a") as file:
        file.write(f"eve2@dc.vn {public(keys['eve'])}\n")
    let_in = dcctl(root, "approve", "--signers", "--yes", "--key", str(keys["eve"]))
    assert (let_in.returncode, "eve@dc.vn is an auditor" in let_in.stderr) == (6, True)


def test_the_operators_key_cosigns_nothing_and_the_auditors_signs_no_head(root, tmp_path) -> None:
    named = {"operator": "dc.example/log", "auditor": "auditor.example"}
    lines = [key.make(tmp_path / role, name, role) for role, name in named.items()]
    (root / "inventory/evidence.policy").write_text("\n".join([*lines, "quorum auditor", ""]))
    head = ("journal", "checkpoint", "-O", str(tmp_path / "usb"), "-k")
    posing = dcctl(root, *head, str(tmp_path / "auditor"))
    assert (posing.returncode, "only the operator" in posing.stderr) == (6, True)
    with open_site(root, operator="an") as services:
        checkpoint.checkpoint(tmp_path / "operator", services, out=tmp_path / "usb")
    request = str(tmp_path / "usb" / "auditor.add-checkpoint")
    own = dcctl(root, "journal", "witness", request, "-k", str(tmp_path / "operator"))
    assert (own.returncode, "nobody witnesses for himself" in own.stderr) == (6, True)
    made = witness.cosign(Path(request), tmp_path / "auditor", root / "inventory/evidence.policy")
    assert made.witness == "auditor"
