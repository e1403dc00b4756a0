"""Two people for a change: real keys, ssh-keygen's own signatures, and every way round it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dcctl import clock
from dcctl.errors import ExitCode, InvalidInput, Refused
from dcctl.estate.signers import FILE
from dcctl.model import plain
from dcctl.model.approval import Purpose, Role
from dcctl.model.plan import Plan
from dcctl.workflows import approve, new_signers, signers, statements
from dcctl.workflows.services import Services, open_site
from tests.unit.estate import site
from tests.unit.journal.conftest import small_plan
from tests.unit.workflows.keys import HardwareKey, make_key, public, signed

NOW = datetime(2026, 11, 22, 20, tzinfo=UTC)
PLAN = Purpose.PLAN.value


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("keys")
    return {name: make_key(folder, name) for name in ("an", "binh", "chi", "eve")}


class Desk:
    """A site with a plan that `an` made, and people who sign."""

    def __init__(self, root: Path, keys: dict[str, Path]) -> None:
        self.root = site.write(root)
        self.keys = keys
        self.signers(*(f"{name}@dc.vn {public(keys[name])}" for name in ("an", "binh", "chi")))
        with self.opened("an") as services:
            self.plan = self.made(services)

    def signers(self, *lines: str) -> None:
        (self.root / FILE).write_text("\n".join([*lines, ""]))

    def opened(self, operator: str) -> Services:
        return open_site(self.root, operator=operator)

    def made(self, services: Services, *, by: str = "an as root", **more: object) -> Plan:
        told = {"verb": "upgrade", "estate": "small", "lab": False, **more}
        plan = replace(small_plan(), **told)
        plan = replace(plan, hash=plan.content_hash())
        services.journal.keep_plan(plan, operator=by)
        return plan

    def sign(
        self,
        name: str,
        *,
        key: str = "",
        plan: Plan | None = None,
        role: Role = Role.APPROVER,
        says: Mapping[str, object] | None = None,
    ) -> None:
        """Sign as a person with access does; with a key of somebody else, or another role."""
        with self.opened(name) as services:
            plan = plan or self.plan
            text = statements.of_plan(plan, services, approver=f"{name}@dc.vn", role=role)
            text = plain.canonical({**json.loads(text), **(says or {})}).decode() + "\n"
            made = signed(text, self.keys[key or name], PLAN)
            approve.take(plan, text, made, services)

    def refused(self, match: str, *, operator: str = "duc", plan: Plan | None = None) -> Refused:
        with self.opened(operator) as services, pytest.raises(Refused, match=match) as caught:
            approve.require_approvals(plan or self.plan, services)
        assert caught.value.exit_code is ExitCode.REFUSED
        return caught.value


@pytest.fixture
def desk(tmp_path: Path, keys: dict[str, Path]):
    with clock.use(clock.ManualClock(NOW)):
        yield Desk(tmp_path, keys)


def test_a_second_person_is_needed_and_is_enough(desk: Desk) -> None:
    error = desk.refused("still needs to be approved .approver: 1.")
    assert error.hint.params["who"] == "binh@dc.vn, chi@dc.vn"
    desk.sign("binh")
    with desk.opened("duc") as services:
        approve.require_approvals(desk.plan, services)
        (one,) = approve.standing(desk.plan, services).good
    assert (one.approver, one.role, one.key[:7]) == ("binh@dc.vn", "approver", "SHA256:")
    desk.sign("binh")  # again is no second person, and no harm
    with desk.opened("duc") as services:
        approve.require_approvals(desk.plan, services)


def test_who_asks_can_t_approve_under_any_name(desk: Desk, keys: dict[str, Path]) -> None:
    with pytest.raises(Refused, match=r"an@dc\.vn is an, who asks"):
        desk.sign("an")
    desk.refused("approver: 1")


def test_nor_with_a_key_of_his_under_another_name(tmp_path: Path, keys: dict[str, Path]) -> None:
    desk = Desk(tmp_path, keys)
    desk.signers(
        f"an@dc.vn {public(keys['an'])}",
        f"ghost@dc.vn {public(keys['an'])}",
        f"other@dc.vn,ghost@dc.vn {public(keys['eve'])}",
    )
    with pytest.raises(Refused, match=r"ghost@dc\.vn is an, who asks"):
        desk.sign("ghost", key="an")
    with pytest.raises(Refused, match=r"other@dc\.vn is an, who asks"):
        desk.sign("other", key="eve")
    desk.refused("approver: 1")


def test_who_runs_it_is_not_the_second_person_either(desk: Desk) -> None:
    desk.sign("binh")
    desk.refused("binh@dc.vn is binh, who asks", operator="binh")


def test_two_names_or_keys_of_one_person_are_one(desk: Desk, keys: dict[str, Path]) -> None:
    (desk.root / "dcctl.yml").write_text(
        site.FILES["dcctl.yml"] + "policy: {approvals: {upgrade: 2}}\n"
    )
    desk.signers(
        f"binh@dc.vn {public(keys['binh'])}",
        f"binh@dc.vn,bb@dc.vn {public(keys['eve'])}",
        f"chi@dc.vn {public(keys['chi'])}",
    )
    desk.sign("binh")
    desk.sign("bb", key="eve")
    assert desk.refused("approver: 1").hint.params["who"] == "chi@dc.vn"
    desk.sign("chi")
    with desk.opened("duc") as services:
        approve.require_approvals(desk.plan, services)


def test_what_the_plan_lists_needs_a_signature_of_its_own(desk: Desk) -> None:
    with desk.opened("an") as services:
        plan = desk.made(services, options={"approval_roles": ["site_cut"]})
    desk.sign("binh", plan=plan)
    told = desk.refused("site_cut: 1", plan=plan).hint
    assert f"with `dcctl approve {plan.hash[:12]} --role site_cut`" in str(told)
    desk.sign("binh", plan=plan, role=Role.SITE_CUT)
    with desk.opened("duc") as services:
        approve.require_approvals(plan, services)


def test_a_policy_of_none_asks_nobody(desk: Desk) -> None:
    with desk.opened("an") as services:
        approve.require_approvals(desk.made(services, verb="build"), services)
    (desk.root / FILE).unlink()
    with desk.opened("an") as services:
        approve.require_approvals(desk.made(services, verb="build"), services)


@pytest.mark.parametrize(
    ("key", "value", "match"),
    [
        ("plan", "f" * 64, "says plan ffffffffffff"),
        ("verb", "build", "says verb build"),
        ("lab", True, "says lab True"),
        ("requester", "binh", "says requester binh"),
        ("estate", "large", "about the estate large"),
        ("at", "2026-11-22T20:10:01+00:00", "still to come"),
        ("at", "2026-11-22T20:00:00", "not a statement"),
        ("role", "king", "no role king"),
        ("purpose", "dcctl-signers@v1", "not a statement"),
        ("note", "x", "not a statement"),
    ],
)
def test_a_good_signature_over_something_else(desk: Desk, key, value, match) -> None:
    with pytest.raises(Refused, match=match):
        desk.sign("binh", says={key: value})
    desk.refused("approver: 1")


def test_a_signature_for_another_plan_is_no_good_here(desk: Desk) -> None:
    with desk.opened("an") as services:
        other = desk.made(services, digests={"role:base": "ab"})
    desk.sign("binh", plan=other)
    with desk.opened("eve") as services:
        (kept,) = services.journal.approvals(other.hash)
        with pytest.raises(Refused, match="says plan"):
            approve.take(desk.plan, kept.statement, kept.signature, services)
        services.journal.keep_approval(replace(kept, plan=desk.plan.hash))  # past our own door
    assert "binh@dc.vn: the statement says plan" in str(desk.refused("approver: 1"))


def test_what_was_altered_after_it_was_signed(desk: Desk) -> None:
    desk.sign("binh")
    with desk.opened("eve") as services:
        (kept,) = services.journal.approvals(desk.plan.hash)
        for old, new in (("binh@dc.vn", "chi@dc.vn"), ("20:00:00", "20:00:01")):
            text = kept.statement.replace(old, new)
            with pytest.raises(Refused, match=r"is that of binh|does not fit"):
                approve.take(desk.plan, text, kept.signature, services)
        with pytest.raises(Refused, match="not what was signed"):
            approve._verified(
                replace(kept, role="site_cut"), desk.plan, services, signers.pinned(services), ()
            )


@pytest.mark.parametrize("spoil", [str.upper, lambda s: s[:-40], lambda s: "x", lambda s: ""])
def test_a_signature_that_is_none(desk: Desk, keys, spoil) -> None:
    with desk.opened("binh") as services:
        text = statements.of_plan(desk.plan, services, approver="binh@dc.vn", role=Role.APPROVER)
        made = spoil(signed(text, keys["binh"], PLAN))
        with pytest.raises(Refused, match="no whole OpenSSH signature"):
            approve.take(desk.plan, text, made, services)


def test_one_that_was_made_for_another_purpose(desk: Desk, keys) -> None:
    with desk.opened("binh") as services:
        text = statements.of_plan(desk.plan, services, approver="binh@dc.vn", role=Role.APPROVER)
        made = signed(text, keys["binh"], "git")
        with pytest.raises(Refused, match=f"is for git, and {PLAN} is needed"):
            approve.take(desk.plan, text, made, services)


@pytest.mark.parametrize(
    ("option", "match"),
    [
        ('valid-before="20261122Z"', "expired on 2026-11-22T00:00:00"),
        ('valid-after="202611222001Z"', "valid only from 2026-11-22T20:01:00"),
        ('namespaces="git,dcctl-signers@*"', "does not let this key of binh@dc.vn sign for"),
    ],
)
def test_a_key_that_may_not(desk: Desk, keys, option, match) -> None:
    desk.signers(f"binh@dc.vn {option} {public(keys['binh'])}")
    with pytest.raises(Refused, match=match):
        desk.sign("binh")
    assert desk.refused("approver: 1").hint.params["who"] == "-"


def test_a_key_that_expires_before_the_night_does_not_count_then(desk: Desk, keys) -> None:
    desk.signers(f'binh@dc.vn valid-before="202611222100Z" {public(keys["binh"])}')
    desk.sign("binh")
    with clock.use(clock.ManualClock(NOW + timedelta(hours=2))):
        desk.refused("binh@dc.vn: the key SHA256:.* expired")


def test_a_stranger_and_a_borrowed_name(desk: Desk) -> None:
    with pytest.raises(Refused, match="is not in inventory/allowed_signers"):
        desk.sign("binh", key="eve")
    with pytest.raises(Refused, match=r"is that of chi@dc\.vn, not of binh@dc\.vn"):
        desk.sign("binh", key="chi")


def test_a_hardware_key_counts_when_it_was_touched(desk: Desk) -> None:
    token = HardwareKey()
    desk.signers(f"binh@dc.vn {token.public}")
    with desk.opened("binh") as services:
        text = statements.of_plan(desk.plan, services, approver="binh@dc.vn", role=Role.APPROVER)
        with pytest.raises(Refused, match="was not touched"):
            approve.take(desk.plan, text, token.signed(text, PLAN, touched=False), services)
        approve.take(desk.plan, text, token.signed(text, PLAN), services)
        approve.require_approvals(desk.plan, services.__class__(root=desk.root, operator="duc"))


# --- the file itself ---


def test_a_requester_can_t_add_himself(desk: Desk, keys) -> None:
    desk.refused("approver: 1")  # the first use pins the file
    with (desk.root / FILE).open("a") as file:
        file.write(f"ghost@dc.vn {public(keys['eve'])}\n")
    with pytest.raises(Refused, match="not the one that is pinned"):
        desk.sign("ghost", key="eve")
    desk.refused("not the one that is pinned")
    (desk.root / FILE).unlink()
    desk.refused("not the one that is pinned")


def _change(desk: Desk, name: str, key: str, **more: str) -> None:
    with desk.opened(name) as services:
        text = new_signers.change_statement(services, approver=f"{name}@dc.vn")
        text = plain.canonical({**json.loads(text), **more}).decode() + "\n"
        new_signers.change(text, signed(text, desk.keys[key], Purpose.SIGNERS), services)


def test_an_approver_in_force_signs_for_the_new_file(desk: Desk, keys) -> None:
    with desk.opened("an") as services, pytest.raises(Refused, match="is pinned yet"):
        new_signers.change_statement(services, approver="an@dc.vn")
    desk.sign("binh")
    desk.signers(f"an@dc.vn {public(keys['an'])}", f"eve@dc.vn {public(keys['eve'])}")
    with pytest.raises(Refused, match="is not in inventory/allowed_signers"):
        _change(desk, "eve", "eve")
    with pytest.raises(Refused, match="says from 000"):
        _change(desk, "chi", "chi", **{"from": "0" * 64})
    with pytest.raises(Refused, match="says journal elsewhere"):
        _change(desk, "chi", "chi", journal="elsewhere")
    _change(desk, "chi", "chi")
    assert "it was revoked" in str(desk.refused("binh@dc.vn: the key"))
    desk.sign("eve")
    with desk.opened("duc") as services:
        approve.require_approvals(desk.plan, services)
        with pytest.raises(Refused, match="in force already"):
            new_signers.change_statement(services, approver="an@dc.vn")


def test_a_signature_over_one_file_is_none_over_the_next(desk: Desk, keys) -> None:
    desk.refused("approver: 1")
    desk.signers(f"an@dc.vn {public(keys['an'])}")
    with desk.opened("chi") as services:
        text = new_signers.change_statement(services, approver="chi@dc.vn")
        made = signed(text, keys["chi"], Purpose.SIGNERS)
        desk.signers(f"ghost@dc.vn {public(keys['eve'])}")
        with pytest.raises(Refused, match="says to "):
            new_signers.change(text, made, services)


GOOD = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFBVZc32VQwqiQMSOHB5r98cnvA6c0bcyFaEjKnt0yzF"


@pytest.mark.parametrize(
    ("line", "match"),
    [
        ("", "names nobody"),
        ("# nobody", "names nobody"),
        ("an", "cut short or broken"),
        (f"an {GOOD[:-12]}", "cut short or damaged"),
        ("an ssh-ed25519", "cut short or broken"),
        ("an ssh-ed25519 AAAA", "cut short or damaged"),
        (f"*@dc.vn {GOOD}", "names, not patterns"),
        (f"an cert-authority {GOOD}", "option cert-authority is not known"),
        (f"an namespaces=git {GOOD}", "option namespaces=git is not known"),
        (f'an namespaces="git {GOOD}', "cut short or broken"),
        (f'an valid-before="20270101" {GOOD}', "no time in UTC"),
        (f'an valid-before="20270231Z" {GOOD}', "no time in UTC"),
        ("an ssh-rsa AAAA", "type ssh-rsa is not accepted"),
        ("an \0", "NUL byte"),
    ],
)
def test_a_broken_file_is_told_with_its_line(desk: Desk, line: str, match: str) -> None:
    desk.signers(line)
    with desk.opened("duc") as services, pytest.raises(InvalidInput, match=match) as caught:
        approve.require_approvals(desk.plan, services)
    assert caught.value.exit_code is ExitCode.USAGE
    assert caught.value.place.file == FILE
    with desk.opened("duc") as services:
        assert services.journal.pinned_signers() is None  # what is broken is not pinned


def test_no_file_and_nobody_can_approve(desk: Desk) -> None:
    (desk.root / FILE).unlink()
    with desk.opened("duc") as services, pytest.raises(InvalidInput, match="nobody can approve"):
        approve.require_approvals(desk.plan, services)


def test_an_auditor_approves_nothing(desk: Desk) -> None:
    """Under no name and with no key of his; and others do as before."""
    file = desk.root / "dcctl.yml"
    file.write_text(file.read_text() + "policy: {auditors: [binh]}\n")
    with pytest.raises(Refused, match=r"binh@dc\.vn is an auditor of this estate, and approves"):
        desk.sign("binh")
    desk.refused("approver: 1")
    desk.sign("chi")
    with desk.opened("duc") as services:
        approve.require_approvals(desk.plan, services)


@pytest.mark.parametrize("operator", ["duc", "duc as root", "an as duc"])
def test_an_auditor_changes_nothing(desk: Desk, operator: str) -> None:
    """By the door that every run goes through."""
    from dcctl.workflows.execute import execute

    file = desk.root / "dcctl.yml"
    text = file.read_text()
    file.write_text(text + "policy: {auditors: [duc]}\n")
    with desk.opened(operator) as services:
        changing = desk.plan
        with pytest.raises(Refused, match="duc is an auditor of this estate, and changes nothing"):
            execute(changing, services, request={})
        assert services.journal.runs() == ()
