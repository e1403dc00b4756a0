"""Declare: write a waiver or an attestation, and sign it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from dcctl import clock
from dcctl.errors import InvalidInput, NotFound, Refused
from dcctl.estate.draft import WAIVERS as GATES
from dcctl.estate.schema.declarations import Attestation, AuditWaiver, SignatureEntry
from dcctl.estate.tree import YAML_SUFFIXES
from dcctl.executors import signing
from dcctl.model.approval import Purpose
from dcctl.text import N_
from dcctl.workflows import signers as people
from dcctl.workflows import statements
from dcctl.workflows.audit import declarations as files
from dcctl.workflows.audit.assess import standings
from dcctl.workflows.audit.attestations import require_row
from dcctl.workflows.audit.law_day import day_of, months_after
from dcctl.workflows.audit.signatures import APPROVER, REQUESTER, Bench, require_span
from dcctl.workflows.audit.waivers import MONTHS, require_answered
from dcctl.workflows.catalogue import catalogue
from dcctl.workflows.report import make_folder, write

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from dcctl.model.declaration import Declared
    from dcctl.workflows.audit.assess import Standings
    from dcctl.workflows.services import Services

Entry = AuditWaiver | Attestation
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_SIGNATURES = re.compile(r"^signatures:.*", re.MULTILINE | re.DOTALL)


def today() -> date:
    """The day it is in Vietnam."""
    return day_of(clock.now().isoformat())


def standing(services: Services, day: date | None = None) -> Standings:
    """What the site declares, as it stands on a day, or today."""
    return standings(files.of_site(services), catalogue(), day or today())


def longest(row: str, first: date | None) -> tuple[str, date]:
    """Who attests a row, and the last day of what begins on `first`, or today.

    Raises:
        Refused: nobody attests it.
    """
    asked = require_row(row, {one.id: one for one in catalogue()})
    return asked.role, months_after(first or today(), asked.months)


def new(name: str, entry: Entry, services: Services) -> Path:
    """Write a declaration that nobody has signed yet.

    Raises:
        InvalidInput: the name is none or is taken, or it speaks of what there is not.
        Refused: it could never count.
    """
    if not _NAME.fullmatch(name) or f"{files.FOLDERS[type(entry)]}/{name}.yml" == GATES:
        raise InvalidInput(
            N_("{name} is no name for it"),
            hint=N_("small letters, digits and hyphens; `upgrade` is taken"),
            name=name,
        )
    folder = files.FOLDERS[type(entry)]
    if any((services.root / f"{folder}/{name}{end}").exists() for end in YAML_SUFFIXES):
        raise InvalidInput(N_("there is a {name} already in {folder}"), name=name, folder=folder)
    first, last = (date.fromisoformat(day) for day in (entry.effective_from, entry.until))
    if isinstance(entry, AuditWaiver):
        for control in (entry.control, *(one.check for one in entry.compensating)):
            require_answered(control, catalogue())
        files.require_scope(entry, services)
        require_span(first, last, months_after(first, MONTHS))
    else:
        asked = require_row(entry.row, {row.id: row for row in catalogue()})
        require_span(first, last, months_after(first, asked.months))
    make_folder(services.root / folder)
    import yaml  # only for who writes one

    said = entry.model_dump(mode="json", exclude={"signatures"}, exclude_defaults=True)
    text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=100)
    return write(services.root / folder / f"{name}.yml", text.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """In which role somebody signs a declaration, and for what."""

    role: str
    purpose: Purpose


@dataclass(frozen=True, kw_only=True)
class Open:
    """One declaration that is there to be signed."""

    name: str
    file: Declared
    entry: Entry

    @property
    def digest(self) -> str:
        """What signatures are over."""
        return files.digest_of(self.name, self.entry)

    @property
    def content(self) -> str:
        """The file's text without the signatures."""
        return _SIGNATURES.sub("", self.file.text).rstrip("\n") + "\n"

    @property
    def seats(self) -> dict[str, Seat]:
        """Who may sign it, and as what."""
        if isinstance(self.entry, Attestation):
            return {self.entry.by: Seat(role=self.entry.role, purpose=Purpose.ATTESTATION)}
        return {
            self.entry.approved_by: Seat(role=APPROVER, purpose=Purpose.WAIVER),
            self.entry.requested_by: Seat(role=REQUESTER, purpose=Purpose.WAIVER_REQUEST),
        }

    def seat(self, who: str) -> Seat:
        """In which role `who` signs.

        Raises:
            Refused: he has none here.
        """
        if who not in self.seats:
            raise Refused(
                N_("{name} is not for {who} to sign, but for {signers}"),
                name=self.name,
                who=who,
                signers=", ".join(self.seats),
            )
        return self.seats[who]

    def statement(self, who: str, services: Services) -> str:
        """The exact text that `who` signs."""
        seat = self.seat(who)
        return statements.of_declaration(
            seat.purpose,
            name=self.name,
            digest=self.digest,
            signer=who,
            role=seat.role,
            estate=services.estate.name,
        )


def find(kind: type[Entry], name: str, services: Services) -> Open:
    """The declaration of that name.

    Raises:
        NotFound: there is none. InvalidInput: it is broken.
    """
    folder = files.FOLDERS[kind]
    for end in YAML_SUFFIXES:
        shown = f"{folder}/{name}{end}"
        if (services.root / shown).is_file() and shown != GATES:
            one = files.declared(shown, files.text_of(services.root, shown))
            return Open(name=name, file=one, entry=files.parsed(kind, one))
    raise NotFound(N_("there is no {name} in {folder}"), name=name, folder=folder)


def own_key(key: Path | None, who: str, one: Open, services: Services) -> tuple[Path | str, str]:
    """What to sign with, and as which of those who may sign it."""
    signers = people.pinned(services)
    used, principal = people.own_key(key, who, signers)
    if not who:
        names = [
            n for line in signers.lines if principal in line.principals for n in line.principals
        ]
        principal = next((n for n in names if n in one.seats), principal)
    return used, principal


def sign(one: Open, statement: str, who: str, key: Path | str, *, interactive: bool) -> str:
    """Sign what `Open.statement` gave."""
    return signing.sign(
        statement, key=key, namespace=one.seat(who).purpose, interactive=interactive
    )


def take(one: Open, statement: str, signature: str, services: Services) -> str:
    """Verify a signature and write it into the file; gives who signed, as what.

    Raises:
        Refused: it is not good, is over something else, or its signer may not sign this.
    """
    entry = SignatureEntry(statement=statement, signature=signature)
    bench = Bench(declarations=files.held_to(services), day=today())
    for who, seat in one.seats.items():
        if statements.purpose_of(statement) != seat.purpose:
            continue
        key = bench.key(
            [entry],
            name=one.name,
            digest=one.digest,
            who=who,
            role=seat.role,
            purpose=seat.purpose,
        )
        bench.require_no_auditor(who, key)
        _write(one, entry, services)
        return f"{who} ({seat.role})"
    raise Refused(
        N_("this is no statement over {name}"),
        hint=N_("sign exactly what --statement prints, byte by byte"),
        name=one.name,
    )


def _write(one: Open, fresh: SignatureEntry, services: Services) -> None:
    """The file with the signature in the place of an older one, and without what fits no more."""
    seats = {seat.purpose: who for who, seat in one.seats.items()}
    kept = [
        each
        for each in one.entry.signatures
        if statements.purpose_of(each.statement) in seats
        and statements.purpose_of(each.statement) != statements.purpose_of(fresh.statement)
        and f'"digest":"{one.digest}"' in each.statement
    ]
    text = one.content + _block([*kept, fresh])
    again = files.parsed(type(one.entry), files.declared(one.file.file, text))
    if files.digest_of(one.name, again) != one.digest:
        raise InvalidInput(
            N_("{file}: the key `signatures` has to be the last one"), file=one.file.file
        )
    write(services.root / one.file.file, text.encode())


def _block(signatures: Iterable[SignatureEntry]) -> str:
    lines = ["signatures:"]
    for one in signatures:
        for key, start in (("statement", "  - "), ("signature", "    ")):
            lines.append(f"{start}{key}: |")
            lines += [f"      {line}" for line in getattr(one, key).strip().splitlines()]
    return "\n".join([*lines, ""])
