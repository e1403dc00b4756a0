"""Who is who among the signers, how many have to approve, and who still may; pure functions."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from dcctl.model.approval import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from dcctl.model.approval import SignedApproval, Signer
    from dcctl.model.plan import Plan

ROLES = "approval_roles"  # a plan's option: what it needs an approval of its own for
BY_DEFAULT = {"upgrade": 1}  # verb -> people beside the requester


def needed(plan: Plan, policy: Mapping[str, int]) -> dict[Role, int]:
    """How many people, beside who asks for it, have to sign the plan in each role."""
    people = policy.get(plan.verb, BY_DEFAULT.get(plan.verb, 0))
    found = {Role.APPROVER: people} if people else {}
    for role in plan.options.get(ROLES, ()):
        found[Role(role)] = max(1, people)
    return found


def person(name: str, signers: Iterable[Signer]) -> frozenset[str]:
    """Everything that the same person goes by: the names and keys that lines join to `name`.

    `name` is a principal, a key's fingerprint, or a login name, which stands for the principals
    that begin with it (`an` for `an@example.org`).
    """
    lines = tuple(signers)
    known = {name} | {one for line in lines for one in line.principals if _login(one) == name}
    while True:
        joined = known.union(
            *(
                {*line.principals, line.key}
                for line in lines
                if known & {*line.principals, line.key}
            )
        )
        if joined == known:
            return frozenset(known)
        known = joined


def _login(principal: str) -> str:
    return principal.partition("@")[0]


def login(operator: str) -> str:
    """The login name of who runs a command: `an` of `an as root`."""
    return operator.partition(" as ")[0]


def count(approvals: Iterable[SignedApproval], signers: Iterable[Signer]) -> dict[Role, int]:
    """How many different people approved, by role; two names or keys of one person are one."""
    found: dict[Role, int] = {}
    for roles in _roles(approvals, signers).values():
        for role in roles:
            found[role] = found.get(role, 0) + 1
    return found


def through(
    approvals: Iterable[SignedApproval], missing: Iterable[Role], signers: Iterable[Signer]
) -> list[frozenset[str]]:
    """The people who have signed in every role that is still missing."""
    wanted = set(missing)
    return [one for one, roles in _roles(approvals, signers).items() if wanted <= roles]


def _roles(
    approvals: Iterable[SignedApproval], signers: Iterable[Signer]
) -> dict[frozenset[str], set[Role]]:
    lines = tuple(signers)
    found: dict[frozenset[str], set[Role]] = {}
    for one in approvals:
        found.setdefault(person(one.key, lines), set()).add(Role(one.role))
    return found


def covers(signer: Signer, namespace: str) -> bool:
    """Whether the line lets its key sign for this purpose."""
    if not signer.namespaces:
        return True
    against = [one[1:] for one in signer.namespaces if one.startswith("!")]
    for_it = [one for one in signer.namespaces if not one.startswith("!")]
    return any(fnmatchcase(namespace, one) for one in for_it) and not any(
        fnmatchcase(namespace, one) for one in against
    )


def in_force(signer: Signer, at: datetime) -> bool:
    """Whether the key may be used at this time."""
    late = signer.valid_before is not None and at >= signer.valid_before
    return not late and (signer.valid_after is None or at >= signer.valid_after)


def candidates(
    signers: Iterable[Signer], namespace: str, at: datetime, without: Iterable[frozenset[str]]
) -> tuple[str, ...]:
    """Who may sign for this purpose now: the first name of each line; nobody of `without`."""
    left_out = frozenset().union(*without)
    names = (
        signer.principals[0]
        for signer in signers
        if covers(signer, namespace)
        and in_force(signer, at)
        and not left_out & {*signer.principals, signer.key}
    )
    return tuple(dict.fromkeys(names))
