"""Reveal: what proves that a redaction took out exactly this, for somebody who is to be told."""

from __future__ import annotations

import json
from pathlib import Path

from dcctl import secrets
from dcctl.errors import NotFound, Refused
from dcctl.journal import commitments
from dcctl.model.event import EventKind
from dcctl.secrets import SecretRef
from dcctl.text import N_
from dcctl.workflows.audit.kit.merge import salts_of
from dcctl.workflows.services import Services


def reveal(run: str, digest: str, number: int, value: str, services: Services) -> str:
    """A line that opens the commitment: the salt and the value itself, in clear.

    Args:
        run: the run that kept the evidence.
        digest: of the evidence, or the beginning of it.
        number: which redaction of it, from 0.
        value: where the secret lies (`prompt:LABEL`, `file:PATH`, `env:NAME`), never the secret.
        services: the site.

    Raises:
        NotFound: no such evidence, or no commitment. Refused: another value was taken out.
    """
    record = services.journal.run(run)
    told = [
        event.data
        for event in services.journal.events(record.id)
        if event.kind is EventKind.EVIDENCE and str(event.data["digest"]).startswith(digest)
    ]
    marks = told[0].get("redactions", ()) if told else ()
    if not 0 <= number < len(marks) or not marks[number]:
        raise NotFound(
            N_("run {run} has no commitment to redaction {number} of evidence {digest}"),
            hint=N_("redactions count from 0; what came redacted already has none"),
            run=record.id,
            number=number,
            digest=digest,
        )
    whole = str(told[0]["digest"])
    salt = commitments.salt(salts_of(record.id, services), record.id, whole, number)
    secret = secrets.resolve(SecretRef.parse(value), base=services.root).reveal()
    good = {one["redactions"][number] for one in told if one.get("redactions")}
    if commitments.commitment(salt, secret.encode()) not in good:
        raise Refused(
            N_("redaction {number} of evidence {digest} took out something else"),
            number=number,
            digest=whole,
        )
    line = {"digest": whole, "number": number, "salt": salt.hex(), "value": secret}
    return json.dumps(line, ensure_ascii=False) + "\n"


def write(path: Path, line: str) -> None:
    """Add a line to a file that only its owner may read.

    Raises:
        Refused: others may read it.
    """
    path.touch(mode=0o600)
    if path.stat().st_mode & 0o077:
        raise Refused(N_("{path}: others may read it"), hint=N_("chmod 600 {path}"), path=str(path))
    with path.open("a", encoding="utf-8") as file:
        file.write(line)
