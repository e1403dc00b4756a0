"""What of an image lies on an element, as the element itself tells it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from dcctl import platforms
from dcctl.contracts import Output
from dcctl.errors import Unparsed
from dcctl.executors.upgrading.files import SIZE_ONLY
from dcctl.facts.version import Version
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dcctl.contracts import Session, Upgrade
    from dcctl.model.target import Target
    from dcctl.model.upgrade import Image, ImageFile, Store

WHOLE, MISSING, PARTIAL, DAMAGED = "whole", "missing", "partial", "damaged"
_NAMED = 3  # files that could make room


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One file on one store."""

    store: Store
    file: ImageFile
    state: str
    proof: str = ""  # an algorithm, or `size only`
    has: int = 0  # bytes

    @property
    def whole(self) -> bool:
        """Whether it is what images.yml says."""
        return self.state == WHOLE

    @property
    def where(self) -> str:
        """Supervisor, store and file."""
        parts = (self.store.supervisor, self.store.path, self.file.name)
        return " ".join(part for part in parts if part)

    def told(self, name: str) -> Text:
        """What is to be said of it."""
        params = {
            "name": name,
            "file": self.file.name,
            "store": f"{self.store.supervisor} {self.store.path}".strip(),
            "has": self.has,
            "size": self.file.size,
        }
        return Text(_SAID[self.state], params)


_SAID = {
    WHOLE: N_("{name}: {file} is on {store}, whole"),
    MISSING: N_("{name}: {file} is not on {store}"),
    PARTIAL: N_("{name}: {file} on {store} has {has} bytes, and should have {size}"),
    DAMAGED: N_("{name}: {file} on {store} is not what images.yml says: its digest differs"),
}


def look(session: Session, *, upgrade: Upgrade, image: Image, name: str) -> tuple[Found, ...]:
    """Every file of the image on every store.

    Raises:
        TargetError; Unparsed: the element shows no store.
    """
    stores = upgrade.stores(session)
    if not stores:
        raise Unparsed(N_("{name}: no file system for an image was found"), name=name)
    return tuple(_find(session, upgrade, store, file) for file in image.files for store in stores)


def again(session: Session, upgrade: Upgrade, one: Found) -> Found:
    """The same file, looked at once more."""
    for store in upgrade.stores(session):
        if (store.supervisor, store.path) == (one.store.supervisor, one.store.path):
            return _find(session, upgrade, store, one.file)
    return Found(store=one.store, file=one.file, state=MISSING)


def _find(session: Session, upgrade: Upgrade, store: Store, file: ImageFile) -> Found:
    has = store.files.get(file.name)
    if has is None:
        return Found(store=store, file=file, state=MISSING)
    if has != file.size:
        return Found(store=store, file=file, state=PARTIAL, has=has)
    algorithm, told = digest(session, upgrade, store, file.name)
    wanted = file.digests().get(algorithm)
    if wanted is None:
        return Found(store=store, file=file, state=WHOLE, proof=SIZE_ONLY, has=has)
    state = WHOLE if told == wanted else DAMAGED
    return Found(store=store, file=file, state=state, proof=algorithm, has=has)


def digest(session: Session, upgrade: Upgrade, store: Store, name: str) -> tuple[str, str]:
    """Algorithm and digest, by the element's strongest verb; empty where it has none."""
    if upgrade.digest is None:
        return "", ""
    algorithm, told = upgrade.digest(session, store, name)
    return algorithm, told.lower()


def lacking(found: Sequence[Found], name: str) -> list[Text]:
    """The stores that have no room for what is missing: how much, and what could go."""
    stores = {(one.store.supervisor, one.store.path): one.store for one in found}
    texts = []
    for key, store in stores.items():
        wanted = [one for one in found if (one.store.supervisor, one.store.path) == key]
        needed = sum(one.file.size - one.has for one in wanted if not one.whole)
        if store.free is None or needed <= store.free:
            continue
        ours = {one.file.name for one in wanted}
        others = sorted(
            ((size, file) for file, size in store.files.items() if file not in ours), reverse=True
        )
        texts.append(
            Text(
                N_(
                    "{name}: {store} lacks {lacks} bytes: {needed} are needed, {free} are free; "
                    "the largest files there, of which nothing is removed by itself: {largest}"
                ),
                {
                    "name": name,
                    "store": " ".join(part for part in key if part),
                    "lacks": needed - store.free,
                    "needed": needed,
                    "free": store.free,
                    "largest": ", ".join(f"{f} ({size})" for size, f in others[:_NAMED]) or "-",
                },
            )
        )
    return texts


def version(session: Session, *, upgrade: Upgrade, target: Target) -> Version:
    """What the element is, and the release that it runs, as its upgrade tells releases.

    Raises:
        Unparsed: it does not tell. TargetError.
    """
    running = upgrade.installed(session).running
    collector = platforms.get(target.platform).collector("version")
    if collector is None:
        return Version(os=target.platform, release=running)
    outputs = [Output(command=one, text=session.send(one)) for one in collector.commands]
    _, fact, message = platforms.fact_of(collector, outputs)
    if not isinstance(fact, Version):
        raise Unparsed(
            N_("{name}: nobody knows what it runs: {why}"), name=target.name, why=message
        )
    return replace(fact, release=running or fact.release)


def misplaced(image: Image, runs: Version, name: str) -> Text | None:
    """Why the image is not for this element at all, or nothing."""
    if not image.models or not runs.model or _any(runs.model, image.models):
        return None
    words = N_("{name}: {image} is not for a {model}")
    return Text(words, {"name": name, "image": image.name, "model": runs.model})


def unfit(image: Image, runs: Version, name: str) -> Iterator[Text]:
    """Why the image is not for this element, or not in one step."""
    other = misplaced(image, runs, name)
    if other is not None:
        yield other
    same = runs.release == image.version
    if image.from_versions and not same and not _any(runs.release, image.from_versions):
        words = N_("{name}: {image} can't follow {release} in one step")
        yield Text(words, {"name": name, "image": image.name, "release": runs.release})


def _any(value: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(value.lower(), pattern.lower()) for pattern in patterns)


def summary(found: Sequence[Found]) -> Text:
    """How many files are there and how that was proven; what is missing, and that it has room."""
    there = [one for one in found if one.whole]
    proofs = ", ".join(sorted({one.proof for one in there}))
    if len(there) == len(found):
        return Text(N_("{n} files there, proven by {proofs}"), {"n": len(there), "proofs": proofs})
    missing = sum(one.file.size - one.has for one in found if not one.whole)
    words = N_("{n} of {all} files there; there is room for the other {missing} bytes")
    if any(one.store.free is None for one in found):
        words = N_("{n} of {all} files there; the free space is not told ({missing} bytes wanted)")
    return Text(words, {"n": len(there), "all": len(found), "missing": missing})


def data_of(found: Sequence[Found], upgrade: Upgrade) -> dict[str, Any]:
    """The same as plain data, for reports."""
    return {
        "files": [
            {
                "supervisor": one.store.supervisor,
                "store": one.store.path,
                "free": one.store.free,
                "file": one.file.name,
                "size": one.file.size,
                "has": one.has,
                "state": one.state,
                "proof": one.proof,
            }
            for one in found
        ],
        "digests": upgrade.digest is not None,
    }
