"""The files of an image on a device: that they are there, whole, on every supervisor."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.errors import CommandFailed
from dcctl.model.upgrade import Image, ImageFile
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Session, Upgrade
    from dcctl.executors.upgrading.order import Order
    from dcctl.model.upgrade import Installed, Store

SIZE_ONLY = "size only"  # the proof where a device can work out no digest


def verified(session: Session, upgrade: Upgrade, image: Image, name: str) -> dict[str, str]:
    """Supervisor, store and file -> how it was proven: an algorithm, or `size only`.

    Raises:
        CommandFailed: a file is missing, or is not what images.yml says. TargetError.
    """
    proofs = {}
    for store in upgrade.stores(session):
        for file in image.files:
            where = " ".join(part for part in (store.supervisor, store.path, file.name) if part)
            proofs[where] = proof_of(session, upgrade, store, file, name)
    if not proofs:
        raise CommandFailed(N_("{name}: no file system for an image was found"), name=name)
    return proofs


def previous(session: Session, upgrade: Upgrade, order: Order, now: Installed) -> Image | None:
    """The image to go back to: that of images.yml, else the file that the element boots now."""
    if order.previous is not None:
        return order.previous
    stores = upgrade.stores(session)
    found = []
    for role, told in (("system", now.next_boot), ("patch", now.patch)):
        name = re.split(r"[/:\\]", told)[-1]
        sizes = {store.files[name] for store in stores if name in store.files}
        if len(sizes) == 1:
            found.append(ImageFile(name=name, size=sizes.pop(), sha512="", role=role))
    return (
        Image(
            name=now.running,
            platform=order.image.platform,
            version=now.running,
            files=tuple(found),
            patch=now.patch,
        )
        if found and found[0].role == "system"
        else None
    )


def proof_of(session: Session, upgrade: Upgrade, store: Store, file: ImageFile, name: str) -> str:
    """How one file was proven to be whole.

    Raises:
        CommandFailed: it is missing, or is not what images.yml says. TargetError.
    """
    size = store.files.get(file.name)
    if size is None:
        raise CommandFailed(
            N_("{name}: {file} is not on {store}"),
            hint=N_("`dcctl images stage` puts it there"),
            name=name,
            file=file.name,
            store=f"{store.supervisor} {store.path}".strip(),
        )
    if size != file.size:
        raise CommandFailed(
            N_("{name}: {file} has {size} bytes, and should have {wanted}"),
            name=name,
            file=file.name,
            size=size,
            wanted=file.size,
        )
    if upgrade.digest is None:
        return SIZE_ONLY
    algorithm, told = upgrade.digest(session, store, file.name)
    wanted = file.digests().get(algorithm)
    if wanted is None:
        return SIZE_ONLY
    if told.lower() != wanted:
        raise CommandFailed(
            N_("{name}: {file} is damaged: its {algorithm} is {told}, and should be {wanted}"),
            name=name,
            file=file.name,
            algorithm=algorithm,
            told=told[:16],
            wanted=wanted[:16],
        )
    return algorithm
