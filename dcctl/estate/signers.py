"""inventory/allowed_signers: whose signatures count, in OpenSSH's own format.

Held stricter than ssh-keygen(1) holds it, where a looser line would let one person be two: names
and no patterns, no certificate authorities, times in UTC, keys that can't be copied off a
hardware token or Ed25519.
"""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dcctl.errors import InvalidInput, Place
from dcctl.estate.complaints import Complaints
from dcctl.estate.reading import Unusable, read_text
from dcctl.model.approval import ALLOWED_SIGNERS, Signer
from dcctl.model.ssh_wire import fingerprint, strings
from dcctl.text import N_

if TYPE_CHECKING:
    from pathlib import Path

FILE = ALLOWED_SIGNERS
KEY_TYPES = (
    "ssh-ed25519",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
)
_WORD = re.compile(r'(?:[^\s"]|"[^"]*")+')
_OPTION = re.compile(r'([a-z-]+)(?:="([^"]*)")?(?:,|\Z)')
_STAMP = re.compile(r"\d{8}(\d{4}(\d{2})?)?Z\Z")
_STAMPS = {9: "%Y%m%dZ", 13: "%Y%m%d%H%MZ", 15: "%Y%m%d%H%M%SZ"}
_KEY_TYPE = re.compile(r"(sk-)?(ssh|ecdsa|rsa)-\S+")
_TYPES = N_("Ed25519 keys and hardware keys only: ssh-keygen -t ed25519, or -t ed25519-sk")


def read_signers(root: Path) -> str:
    """The file's text.

    Raises:
        InvalidInput: missing, or no readable text.
    """
    if not (root / FILE).exists():
        raise InvalidInput(
            N_("there is no {file}, so nobody can approve"),
            hint=N_("write a line for each approver: NAME and the public key (docs/approvals.md)"),
            file=FILE,
        )
    complaints = Complaints()
    try:
        return read_text(root / FILE, FILE, complaints)
    except Unusable:
        complaints.stop_if_fatal()
        raise


def parse_signers(text: str) -> tuple[Signer, ...]:
    """Its lines.

    Raises:
        InvalidInput: a line is broken, or looser than what dcctl accepts; names it.
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            found.append(_signer(line.strip(), number))
    if not found:
        raise InvalidInput(
            N_("it names nobody"),
            hint=N_("write a line for each approver: NAME and the public key (docs/approvals.md)"),
            place=Place(FILE),
        )
    return tuple(found)


def _signer(line: str, number: int) -> Signer:
    words = _WORD.findall(line)
    options = words.pop(1) if len(words) > 1 and not _KEY_TYPE.fullmatch(words[1]) else ""
    if len(words) < 3 or line.count('"') % 2:  # noqa: PLR2004 - names, type, key
        raise _wrong(
            number, N_("a line is NAME [options] TYPE KEY, and this one is cut short or broken")
        )
    names = tuple(name for name in words[0].strip('"').split(",") if name)
    if not names or any(set(name) & set("*?!") for name in names):
        raise _wrong(
            number,
            N_("{names}: names, not patterns: a pattern lets one key be several people"),
            names=words[0],
        )
    if words[1] not in KEY_TYPES:
        raise _wrong(number, N_("a key of the type {type} is not accepted"), _TYPES, type=words[1])
    told = _options(options, number)
    after, before = (_time(told.get(key), number) for key in ("valid-after", "valid-before"))
    return Signer(
        line=number,
        principals=names,
        key=_fingerprint(words[1], words[2], number),
        key_type=words[1],
        namespaces=tuple(told.get("namespaces", "").split(",")) if "namespaces" in told else (),
        valid_after=after,
        valid_before=before,
    )


def _options(text: str, number: int) -> dict[str, str]:
    known = ("namespaces", "valid-after", "valid-before")
    found, position = {}, 0
    while position < len(text):
        match = _OPTION.match(text, position)
        if match is None or match[1] not in known or match[2] is None or match[1] in found:
            raise _wrong(
                number,
                N_("the option {option} is not known here, given twice, or not quoted"),
                N_('known are namespaces="…", valid-after="…Z", valid-before="…Z"'),
                option=text[position:].partition(",")[0],
            )
        found[match[1]] = match[2]
        position = match.end()
    return found


def _time(stamp: str | None, number: int) -> datetime | None:
    if stamp is None:
        return None
    form = _STAMPS.get(len(stamp)) if _STAMP.match(stamp) else None
    try:
        return datetime.strptime(stamp, form or "-").replace(tzinfo=UTC)
    except ValueError:
        raise _wrong(
            number,
            N_("{stamp} is no time in UTC"),
            N_('as in "20270101Z" or "202701010700Z": without the Z each machine reads another'),
            stamp=stamp,
        ) from None


def _fingerprint(key_type: str, text: str, number: int) -> str:
    try:
        blob = base64.b64decode(text, validate=True)
        whole = strings(blob)[:1] == [key_type.encode()] and len(strings(blob)) > 1
    except ValueError:
        whole = False
    if not whole:
        raise _wrong(
            number, N_("the key is cut short or damaged"), N_("copy the line of the .pub file anew")
        )
    return fingerprint(blob)


def _wrong(number: int, msgid: str, hint: str = "", **params: object) -> InvalidInput:
    hint = hint or N_("see docs/approvals.md")
    return InvalidInput(msgid, hint=hint, place=Place(FILE, number), **params)
