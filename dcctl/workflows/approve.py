"""Approve: people sign a plan's hash; nobody approves what he asks for himself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dcctl import clock
from dcctl.errors import InvalidInput, Refused
from dcctl.executors import signing
from dcctl.model.approval import Purpose, Role, SignedApproval
from dcctl.model.plan import Plan
from dcctl.planning import approvals as people
from dcctl.text import N_, Text
from dcctl.workflows import signers as signing_people
from dcctl.workflows import statements
from dcctl.workflows.services import Services
from dcctl.workflows.signers import Signers

_LARGEST = 20_000  # characters of a statement or a signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a plan needs of people, and what it has."""

    plan: str
    verb: str
    requester: str
    needed: Mapping[Role, int]
    good: tuple[SignedApproval, ...]
    bad: tuple[tuple[SignedApproval, Text], ...]  # what does not count (any more), and why
    missing: Mapping[Role, int]
    candidates: tuple[str, ...]  # who may still sign


def require_approvals(plan: Plan, services: Services) -> None:
    """Refuse a plan that too few people approved.

    Raises:
        Refused: says how many are missing, in which role, and who may give them.
    """
    if not people.needed(plan, services.estate.site_config.policy.approvals):
        return
    found = standing(plan, services, run_by=services.operator)
    if not found.missing:
        return
    raise Refused(
        N_("the plan {hash} still needs to be approved ({missing}); what does not count: {bad}")
        if found.bad
        else N_("the plan {hash} still needs to be approved ({missing})"),
        hint=N_("whoever may: {who}; with `{command}`"),
        hash=plan.hash[:12],
        command=_command(plan, next(iter(found.missing))),
        missing=", ".join(f"{role}: {number}" for role, number in found.missing.items()),
        bad="; ".join(f"{one.approver}: {why}" for one, why in found.bad),
        who=", ".join(found.candidates) or "-",
    )


def _command(plan: Plan, role: Role) -> str:
    """What whoever signs in this role types."""
    lab = " --lab" if plan.lab else ""
    named = "" if role is Role.APPROVER else f" --role {role}"
    return f"dcctl approve {plan.hash[:12]}{lab}{named}"


def standing(plan: Plan, services: Services, *, run_by: str = "") -> Standing:
    """What `plan` needs and has; every signature is verified anew.

    Who made it can't approve it, nor can who runs it.

    Raises:
        Refused: allowed_signers is not the pinned one. InvalidInput: it is missing or broken.
    """
    signers = signing_people.pinned(services)
    askers = _askers(plan, services, run_by)
    policy = services.estate.site_config.policy
    needed, auditors = people.needed(plan, policy.approvals), policy.auditors
    good: list[SignedApproval] = []
    bad: list[tuple[SignedApproval, Text]] = []
    for kept in services.journal.approvals(plan.hash):
        try:
            good.append(_verified(kept, plan, services, signers, askers))
        except Refused as error:
            bad.append((kept, error.text))
    have = people.count(good, signers.lines)
    missing = {role: n - have.get(role, 0) for role, n in needed.items() if have.get(role, 0) < n}
    given = people.through(good, missing, signers.lines)
    return Standing(
        plan=plan.hash,
        verb=plan.verb,
        requester=services.journal.made_by(plan.hash),
        needed=needed,
        good=tuple(good),
        bad=tuple(bad),
        missing=missing,
        candidates=people.candidates(
            signers.lines,
            Purpose.PLAN,
            clock.now(),
            [*(people.person(name, signers.lines) for name in (*askers, *auditors)), *given],
        ),
    )


def sign(statement: str, key: Path | str, *, interactive: bool) -> str:
    """Sign the statement of a plan with a private key's file, or a key that the agent has.

    Raises:
        InvalidInput: the key can't be used.
    """
    return signing.sign(statement, key=key, namespace=Purpose.PLAN, interactive=interactive)


def read_text(path: Path) -> str:
    """A statement's or a signature's file.

    Raises:
        InvalidInput: it can't be read, or is far too large.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            text = file.read(_LARGEST + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            N_("{path} can't be read: {reason}"),
            hint=N_("FILE.sig is the signature, and FILE beside it is what was signed"),
            path=str(path),
            reason=getattr(error, "strerror", None) or "it is not UTF-8 text",
        ) from error
    if len(text) > _LARGEST:
        raise InvalidInput(N_("{path} is no statement and no signature"), path=str(path))
    return text


def take(plan: Plan, statement: str, signature: str, services: Services) -> SignedApproval:
    """Verify a signature over `plan` and add it to the journal.

    Raises:
        Refused: it is not good, or its signer may not approve this plan; says why.
    """
    signers = signing_people.pinned(services)
    said = statements.parse(statement, services, purpose=Purpose.PLAN)
    given = SignedApproval(
        plan=plan.hash,
        approver=said["approver"],
        role=said["role"],
        at=clock.now().isoformat(),
        statement=statement,
        signature=signature,
    )
    found = _verified(given, plan, services, signers, _askers(plan, services))
    services.journal.keep_approval(given)
    return found


def _askers(plan: Plan, services: Services, run_by: str = "") -> tuple[str, ...]:
    """The login names of who asks for the plan."""
    names = (people.login(name) for name in (services.journal.made_by(plan.hash), run_by))
    return tuple(dict.fromkeys(name for name in names if name))


def _verified(
    kept: SignedApproval,
    plan: Plan,
    services: Services,
    signers: Signers,
    askers: tuple[str, ...],
) -> SignedApproval:
    """The approval with its key.

    Raises:
        Refused: it does not count.
    """
    said = statements.parse(kept.statement, services, purpose=Purpose.PLAN)
    statements.require_plan(said, plan, services.journal.made_by(plan.hash))
    if (kept.approver, kept.role) != (said["approver"], said["role"]):
        raise Refused(N_("the journal's row is not what was signed"))
    key = signing_people.judge(
        kept.statement,
        kept.signature,
        approver=said["approver"],
        purpose=Purpose.PLAN,
        signers=signers,
    )
    auditors = services.estate.site_config.policy.auditors
    signing_people.require_no_auditor(said["approver"], key, auditors, signers)
    for asker in askers:
        if {said["approver"], key} & people.person(asker, signers.lines):
            raise Refused(
                N_("{approver} is {asker}, who asks for this plan, and can't approve it"),
                hint=N_("it takes a second person"),
                approver=said["approver"],
                asker=asker,
            )
    return replace(kept, key=key)
