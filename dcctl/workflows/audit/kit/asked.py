"""Whether somebody asked for a kit's result, and who signed it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dcctl.errors import InvalidInput, NotFound, Refused
from dcctl.executors import notary
from dcctl.model import plain
from dcctl.model.note import NotANote, Note
from dcctl.model.record import Run
from dcctl.model.status import RunStatus
from dcctl.text import N_
from dcctl.workflows.audit.kit import result as results
from dcctl.workflows.audit.kit.whole import Whole
from dcctl.workflows.journal import policy
from dcctl.workflows.services import Services

_KEY = 32  # bytes


def told_in(archive: Whole, path: Path) -> results.Told:
    """What a result says of itself.

    Raises:
        InvalidInput: it says nothing, or nothing that this version knows.
    """
    for name in (results.RESULT, results.HEAD):
        if name not in archive.names:
            raise wrong(N_("{path}: {name} is missing"), path, name=name)
    try:
        data = json.loads(archive.read(results.RESULT))
        if data.get("schema") != results.SCHEMA:
            raise TypeError  # noqa: TRY301 - one place that tells of it
        return plain.from_plain(results.Told, data)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise wrong(
            N_("{path} is no result of an audit kit, or of a later version"), path
        ) from error


def awaited(told: results.Told, path: Path, services: Services) -> Run:
    """The run that waits for it."""
    if told.journal != services.journal.id:
        raise Refused(
            N_("{path}: its kit was made from another journal ({journal})"),
            path=str(path),
            journal=told.journal[:40],
        )
    try:
        run = services.journal.run(told.run)
    except NotFound:
        run = None
    if run is None or run.id != told.run or not run.request.get("kit"):
        raise Refused(
            N_("{path}: nobody asked for it: this journal knows no kit {run}"),
            hint=N_("`dcctl audit kit` makes one, and the journal remembers it"),
            path=str(path),
            run=told.run[:60],
        )
    if run.status is not RunStatus.AWAY:
        raise Refused(
            N_("{path}: the result of kit {run} was taken in already, or is no longer wanted"),
            hint=N_("a kit is for one result; see dcctl runs show {run}"),
            path=str(path),
            run=run.id,
        )
    return run


def signers(archive: Whole, wanted: str, path: Path, services: Services) -> tuple[str, ...]:
    """Whose keys of the policy signed its head.

    Raises:
        InvalidInput: the head is not that of what is in it. Refused: signed by a stranger.
    """
    if results.SALTS in archive.names and len(archive.read(results.SALTS)) != _KEY:
        raise wrong(N_("{path}: {name} is damaged"), path, name=results.SALTS)
    content = archive.read(results.HEAD).decode("utf-8", "replace")
    if content == wanted:
        return ()
    try:
        note = Note.parse(content)
        if note.text != wanted:
            raise wrong(N_("{path}: its head is not that of the log in it"), path)
        trust = policy.pinned(services) if policy.path(services).exists() else None
        keys = {**{k.name: k for k in trust.logs}, **trust.witnesses} if trust else {}
        found = tuple(name for name, key in keys.items() if notary.signed_by(note, key))
    except NotANote as error:
        raise wrong(N_("{path}: its head is not that of the log in it"), path) from error
    if not found:
        raise Refused(
            N_("{path}: signed by {name}, which is no key of the policy, or forged"),
            path=str(path),
            name=note.signatures[0].name if note.signatures else "-",
        )
    return found


def wrong(msgid: str, path: Path, **params: Any) -> InvalidInput:
    """What is told of a result that is not what it should be."""
    return InvalidInput(
        msgid,
        hint=N_("nothing of it was taken in; ask for it again, or make it anew"),
        path=str(path),
        **params,
    )
