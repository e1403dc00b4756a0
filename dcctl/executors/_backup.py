"""A device's whole configuration, proven whole, and kept sealed."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl.errors import InvalidInput, Unparsed
from dcctl.executors import sealing
from dcctl.executors.evidence import redacted, steady
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Context, Platform, Session
    from dcctl.executors.sealing import Sealer

MEDIA_TYPE = "application/vnd.dcctl.sealed"
_SEALS = 50  # a secret so short that it stands in every seal must not hang a change
_READS = 3  # a device that is being changed by somebody else gives up then


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was kept of one configuration; `data` goes into the outcome."""

    text: str
    data: dict[str, Any]
    evidence: tuple[str, ...]


def keep(
    session: Session, platform: Platform, context: Context, target: str, occasion: str
) -> Kept:
    """Read the configuration until two reads agree, seal it, keep it.

    Raises:
        Unparsed: it has no end, or doesn't hold still. NotFound, InvalidInput: no usable key.
        TargetError: what the device did.
    """
    seal = sealing.sealer(context.options, Path(context.site_root))
    text = _whole(session, platform)
    shown = context.keep(redacted(text, platform), target=target, original=text)
    sealed = _kept_sealed(seal, text, context, target)
    lines = steady(text, platform)
    return Kept(
        text=text,
        data={
            "platform": platform.name,
            "sealed": sealed,
            "shown": shown,
            "fingerprint": seal.mark("\n".join(lines)),
            "lines": len(lines),
            "proof": "end_marker+second_read" if platform.config_end else "second_read",
            "occasion": occasion,
        },
        evidence=(shown, sealed),
    )


def _kept_sealed(seal: Sealer, text: str, context: Context, target: str) -> str:
    """The digest of the sealed text; sealed anew where redaction found a secret in the cipher."""
    for _ in range(_SEALS):
        token = seal.seal(text)
        digest = context.keep(token, target=target, media_type=MEDIA_TYPE)
        if digest == hashlib.sha256(token.encode()).hexdigest():
            return digest
    raise InvalidInput(
        N_("{command}: not a whole configuration: {why}"),
        command="seal",
        why="redaction alters every seal of it",
    )


def _whole(session: Session, platform: Platform) -> str:
    text = _read(session, platform)
    for _ in range(_READS - 1):
        again = _read(session, platform)
        if steady(again, platform) == steady(text, platform):
            return again
        text = again
    raise _incomplete(platform, "it changes from one read to the next")


def _read(session: Session, platform: Platform) -> str:
    text = session.send(platform.config_command)
    last = text.rstrip().rpartition("\n")[2].strip()
    if not text.strip():
        raise _incomplete(platform, "it is empty")
    if platform.config_end and not re.fullmatch(platform.config_end, last):
        raise _incomplete(platform, "it does not end")
    return text


def _incomplete(platform: Platform, why: str) -> Unparsed:
    return Unparsed(
        N_("{command}: not a whole configuration: {why}"), command=platform.config_command, why=why
    )
