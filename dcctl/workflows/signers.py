"""Signers: the allowed_signers in force, pinned in the journal at their first use."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dcctl import clock
from dcctl.errors import InvalidInput, Refused
from dcctl.estate.signers import FILE, parse_signers, read_signers
from dcctl.executors import signing
from dcctl.model.approval import Purpose, Signer
from dcctl.planning.approvals import covers, in_force, person
from dcctl.text import N_
from dcctl.workflows.services import Services


@dataclass(frozen=True, slots=True)
class Signers:
    """The lines in force, and the text that ssh-keygen is given."""

    lines: tuple[Signer, ...]
    content: str
    digest: str

    def named(self, key: str) -> str:
        """The principal that signs with this key.

        Raises:
            Refused: the key is nobody's.
        """
        for line in self.lines:
            if line.key == key:
                return line.principals[0]
        raise nobodys(key)


def of(content: str) -> Signers:
    """What the text of an allowed_signers says.

    Raises:
        InvalidInput: a line is broken.
    """
    digest = hashlib.sha256(content.encode()).hexdigest()
    return Signers(parse_signers(content), content, digest)


def pinned(services: Services) -> Signers:
    """The signers in force; the first use pins them.

    Raises:
        Refused: the file is not the one that is pinned. InvalidInput: no file, or a broken one.
    """
    kept = services.journal.pinned_signers()
    try:
        content = read_signers(services.root)
    except InvalidInput as error:
        if kept is None:
            raise
        raise _altered("-", kept.digest) from error
    if kept is None:
        found = of(content)
        services.journal.pin_signers(content, instead_of="")
        return found
    now = hashlib.sha256(content.encode()).hexdigest()
    if now != kept.digest:
        raise _altered(now, kept.digest)
    return of(content)


def _altered(now: str, kept: str) -> Refused:
    return Refused(
        N_("{file} is not the one that is pinned in the journal ({now}, pinned is {pinned})"),
        hint=N_("put it back, or let an approver sign for the new one: dcctl approve --signers"),
        file=FILE,
        now=now[:12],
        pinned=kept[:12],
    )


def judge(
    statement: str,
    signature: str,
    *,
    approver: str,
    purpose: Purpose,
    signers: Signers,
    at: datetime | None = None,
) -> str:
    """The key that made a good signature of `approver`, for this purpose, in force now or `at`.

    Raises:
        Refused: it is not good; says why.
    """
    seal = signing.read(signature)
    if seal.namespace != purpose:
        raise Refused(
            N_("the signature is for {found}, and {wanted} is needed"),
            hint=N_("sign again with `ssh-keygen -Y sign -n {wanted}`"),
            found=seal.namespace,
            wanted=purpose.value,
        )
    if not seal.touched:
        raise Refused(
            N_("the hardware key {key} was not touched for this signature"),
            hint=N_("make the key without -O no-touch-required"),
            key=seal.key,
        )
    now = at or clock.now()
    problems = [_unfit(line, purpose, now) for line in _own(seal.key, approver, signers)]
    if all(problems):
        raise problems[0] or AssertionError
    good = signing.verify(
        statement,
        signature,
        signers=signers.content,
        principal=approver,
        namespace=purpose,
        at=now,
    )
    if not good:
        raise Refused(
            N_("the signature of {approver} does not fit what it is said to sign"),
            hint=N_("the statement or the signature was altered; sign again"),
            approver=approver,
        )
    return seal.key


def _own(key: str, approver: str, signers: Signers) -> list[Signer]:
    """The lines that give `key` to `approver`."""
    lines = [line for line in signers.lines if line.key == key]
    if not lines:
        raise nobodys(key)
    own = [line for line in lines if approver in line.principals]
    if not own:
        raise Refused(
            N_("the key {key} is that of {owner}, not of {approver}"),
            key=key,
            owner=", ".join(lines[0].principals),
            approver=approver,
        )
    return own


def _unfit(line: Signer, purpose: Purpose, now: datetime) -> Refused | None:
    """Why the line's key can't sign for this purpose now."""
    if not covers(line, purpose):
        return Refused(
            N_("line {line} of {file} does not let this key of {approver} sign for {wanted}"),
            line=line.line,
            file=FILE,
            approver=line.principals[0],
            wanted=purpose.value,
        )
    if in_force(line, now):
        return None
    if line.valid_before is not None and now >= line.valid_before:
        said = N_("the key {key} of {approver} expired on {at}")
        at = line.valid_before
    else:
        said = N_("the key {key} of {approver} is valid only from {at} on")
        at = line.valid_after or now
    return Refused(said, key=line.key, approver=line.principals[0], at=at.isoformat())


def nobodys(key: str) -> Refused:
    """Nobody has this key, or not any more."""
    return Refused(
        N_("the key {key} is not in {file}: it never was, or it was revoked"),
        hint=N_("an approver signs for a file that has it: dcctl approve --signers"),
        key=key,
        file=FILE,
    )


def own_key(key: Path | None, approver: str, signers: Signers) -> tuple[Path | str, str]:
    """What to sign with, and as whom: the key that was named, else the one that the agent has.

    Raises:
        InvalidInput: no such key, no agent, or it has none or several that could be meant.
        Refused: the key is nobody's.
    """
    if key is not None:
        return key, approver or signers.named(signing.key_of(key))
    known = {
        line.key: line.principals
        for line in signers.lines
        if not approver or approver in line.principals
    }
    held = [(known[found], text) for found, text in signing.agent_keys().items() if found in known]
    if len(held) != 1:
        raise InvalidInput(
            N_("the agent holds {count} keys that could be meant, and one is needed"),
            hint=N_("name the key with --key FILE, or the signer with --as NAME"),
            count=len(held),
        )
    names, text = held[0]
    return text, approver or names[0]


def require_no_auditor(name: str, key: str, auditors: Iterable[str], signers: Signers) -> None:
    """Refuse the signature of who audits this estate, under any name and with any key of his.

    Raises:
        Refused: he does.
    """
    if any({name, key} & person(one, signers.lines) for one in auditors):
        raise Refused(
            N_("{approver} is an auditor of this estate, and approves nothing in it"),
            hint=N_("auditors are listed in dcctl.yml, under policy:"),
            approver=name,
        )
