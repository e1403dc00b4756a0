"""New signers, or new keys of the evidence log: in force once somebody who is in force signed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from dcctl import clock
from dcctl.errors import Refused
from dcctl.estate import evidence_policy
from dcctl.estate.signers import FILE, read_signers
from dcctl.executors import signing
from dcctl.model import plain
from dcctl.model.approval import Purpose
from dcctl.text import N_
from dcctl.workflows import signers
from dcctl.workflows.journal import policy

if TYPE_CHECKING:
    from pathlib import Path

    from dcctl.workflows.services import Services
    from dcctl.workflows.signers import Signers


def change_statement(services: Services, *, approver: str, file: str = FILE) -> str:
    """What an approver signs so that the file as it is now comes into force.

    Raises:
        Refused: nothing is pinned yet, or it is in force already. InvalidInput: a broken file.
    """
    before, after = step(services, file)
    data = {
        "approver": approver,
        "at": clock.now().isoformat(timespec="seconds"),
        "estate": services.estate.name,
        "from": _digest(before),
        "journal": services.journal.id,
        "purpose": Purpose.SIGNERS.value,
        "to": _digest(after),
    }
    return plain.canonical(data).decode() + "\n"


def step(services: Services, file: str = FILE) -> tuple[str, str]:
    """The text of the file that is in force, and that of the file as it is now."""
    kept = services.journal.pinned_signers(file)
    after = _now(services, file)
    if kept is None:
        raise Refused(
            N_("nothing of {file} is pinned yet: its first use pins it as it is then"),
            hint=N_("nothing needs to be signed for now"),
            file=file,
        )
    if kept.digest == _digest(after):
        raise Refused(
            N_("{file} is in force already ({digest})"), file=file, digest=kept.digest[:12]
        )
    return kept.content, after


def _now(services: Services, file: str) -> str:
    """The file's text as it is now.

    Raises:
        InvalidInput: it is missing or broken.
    """
    if file == FILE:
        content = read_signers(services.root)
        signers.of(content)
    else:
        content = evidence_policy.read_policy(policy.path(services), policy.shown(services))
        evidence_policy.parsed(content)
    return content


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def difference(before: str, after: str) -> tuple[str, ...]:
    """What the new file takes away (-) and brings (+), line by line."""
    old, new = before.splitlines(), after.splitlines()
    return (
        *(f"- {line}" for line in old if line not in new),
        *(f"+ {line}" for line in new if line not in old),
    )


def sign_change(statement: str, key: Path | str, *, interactive: bool) -> str:
    """Sign what `change_statement` gave."""
    return signing.sign(statement, key=key, namespace=Purpose.SIGNERS, interactive=interactive)


def change(statement: str, signature: str, services: Services, file: str = FILE) -> str:
    """Let the file as it is now come into force, signed by somebody who is; gives its digest.

    Raises:
        Refused: the signature is not good, or is for other files.
    """
    from dcctl.workflows.statements import parse

    before, after = step(services, file)
    said = parse(statement, services, purpose=Purpose.SIGNERS)
    wanted = {
        "from": _digest(before),
        "to": _digest(after),
        "journal": services.journal.id,
    }
    for key, value in wanted.items():
        if said[key] != value:
            raise Refused(
                N_("the statement says {key} {found}, and it is {wanted}"),
                hint=N_("sign what `dcctl approve --signers --statement` prints now"),
                key=key,
                found=said[key][:12],
                wanted=value[:12],
            )
    people = in_force_now(services, file)
    key = signers.judge(
        statement, signature, approver=said["approver"], purpose=Purpose.SIGNERS, signers=people
    )
    signers.require_no_auditor(
        said["approver"], key, services.estate.site_config.policy.auditors, people
    )
    services.journal.pin_signers(
        after,
        instead_of=_digest(before),
        file=file,
        approver=said["approver"],
        statement=statement,
        signature=signature,
    )
    return _digest(after)


def in_force_now(services: Services, file: str = FILE) -> Signers:
    """Whose signature lets a changed `file` come into force: those of the allowed_signers in force.

    Raises:
        Refused: allowed_signers is not the pinned one, where it is not what changes.
    """
    if file != FILE:
        return signers.pinned(services)
    kept = services.journal.pinned_signers()
    return signers.of(kept.content if kept else "")
