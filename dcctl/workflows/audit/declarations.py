"""Declarations: the site's waivers and attestations, read, and what each of them says."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeVar, cast

from pydantic import ValidationError

from dcctl.errors import InvalidInput, Refused
from dcctl.estate.complaints import Complaints
from dcctl.estate.draft import WAIVERS as GATES
from dcctl.estate.explaining import explain
from dcctl.estate.reading import Unusable, parse_yaml, read_text
from dcctl.estate.schema.declarations import Attestation, AuditWaiver
from dcctl.estate.tree import YAML_SUFFIXES
from dcctl.model import plain
from dcctl.model.declaration import Declarations, Declared
from dcctl.text import N_
from dcctl.workflows.signers import pinned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dcctl.workflows.services import Services

WAIVERS = "inventory/waivers"
ATTESTATIONS = "inventory/attestations"
FOLDERS: dict[type[AuditWaiver | Attestation], str] = {
    AuditWaiver: WAIVERS,
    Attestation: ATTESTATIONS,
}
D = TypeVar("D", bound=AuditWaiver | Attestation)


def of_site(services: Services) -> Declarations:
    """What the site declares now; the first use of its signers pins them."""
    waivers = tuple(_placed(one, services) for one in _read(services.root, WAIVERS))
    attestations = tuple(_read(services.root, ATTESTATIONS))
    if not waivers and not attestations:
        return Declarations(estate=services.estate.name)
    return replace(held_to(services), waivers=waivers, attestations=attestations)


def held_to(services: Services) -> Declarations:
    """By what declarations of this site are held to be somebody's; none of them yet."""
    signers, unsigned = "", None
    try:
        signers = pinned(services).content
    except (InvalidInput, Refused) as error:
        unsigned = error.text
    policy = services.estate.site_config.policy
    return Declarations(
        estate=services.estate.name,
        signers=signers,
        unsigned=unsigned,
        auditors=policy.auditors,
        attestors=policy.attestors,
    )


def _read(root: Path, folder: str) -> Iterator[Declared]:
    for path in sorted((root / folder).iterdir()) if (root / folder).is_dir() else ():
        shown = f"{folder}/{path.name}"
        hidden = path.name.startswith(".") or shown == GATES
        if path.suffix in YAML_SUFFIXES and not hidden:
            yield declared(shown, text_of(root, shown))


def text_of(root: Path, shown: str) -> str:
    """The text of one file below the site.

    Raises:
        InvalidEstate: it can't be read.
    """
    complaints = Complaints()
    try:
        return read_text(root / shown, shown, complaints)
    except Unusable:
        complaints.stop_if_fatal()
        raise


def declared(shown: str, text: str) -> Declared:
    """A file with its digest."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Declared(file=shown, digest=digest, text=text)


def _placed(one: Declared, services: Services) -> Declared:
    """The waiver with what the inventory says against its scope: a mistyped name covers more."""
    try:
        where = require_scope(parsed(AuditWaiver, one), services)
    except Refused:  # nothing of it has a twin in the lab
        return one
    except InvalidInput as error:
        return replace(one, problem=error.text)
    return replace(one, where=where)


def require_scope(entry: AuditWaiver, services: Services) -> dict[str, tuple[str, ...]]:
    """The hosts of each compensation that names some, where hosts, groups and sites all exist.

    Raises:
        InvalidInput: names it.
    """
    services.estate.select(entry.hosts)
    for site in entry.sites:
        if site not in services.estate.sites:
            raise InvalidInput(N_("there is no site {site}"), site=site)
    return {
        each.hosts: services.estate.select(each.hosts) for each in entry.compensating if each.hosts
    }


def name_of(one: Declared) -> str:
    """What a declaration is called: as its file."""
    return PurePath(one.file).stem


def parsed(model: type[D], one: Declared) -> D:
    """What a file says.

    Raises:
        InvalidInput: it is broken; names the first fault.
    """
    complaints = Complaints()
    try:
        data = parse_yaml(one.text, one.file, complaints)
        return cast("D", model.model_validate({} if data is None else data))
    except Unusable:
        complaints.stop_if_fatal()
        raise
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        message, hint, params = explain(first, model.model_fields)
        raise InvalidInput(message, hint=hint, **params) from error


def digest_of(name: str, entry: AuditWaiver | Attestation) -> str:
    """What signatures are over: the content and the name, without the signatures themselves."""
    said = entry.model_dump(mode="json", exclude={"signatures"}, exclude_defaults=True)
    kind = PurePath(FOLDERS[type(entry)]).name
    return plain.digest({"kind": kind, "name": name, "says": said})
