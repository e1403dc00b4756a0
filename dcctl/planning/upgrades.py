"""The steps of an upgrade campaign: one for each element, holding all that its machine needs."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dcctl.errors import InvalidInput, NotFound
from dcctl.model import plain
from dcctl.model.plan import Step, StepKind
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Platform
    from dcctl.model.estate import UpgradePolicy
    from dcctl.model.target import Target
    from dcctl.model.upgrade import Image


CALENDAR = "calendar"  # a plan's option: windows and freezes as they were approved


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One element, the image that it shall run, and what was read from it."""

    target: Target
    platform: Platform
    image: Image
    running: str
    model: str = ""
    previous: Image | None = None


def image_for(
    target: Target, images: Iterable[Image], name: str = "", release: str = "", model: str = ""
) -> Image:
    """The image that an element shall run: the one named, else that of `release`.

    Without either it is that of the release which the estate wants, or the only one for `model`.

    Raises:
        NotFound: there is none. InvalidInput: the one named is for another platform.
    """
    known = list(images)
    if name:
        return _named(name, known, target)
    release = release or str(target.intent.get("release") or "")
    own = [one for one in known if one.platform == target.platform and one.is_for(target.name)]
    own = [one for one in own if not (model and one.models) or _any(model, one.models)]
    fitting = [one for one in own if one.version == release] if release else own
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise NotFound(
            N_("{name}: several images of inventory/images.yml suit it: {images}"),
            hint=N_("say `release` of the host, or name one with --image where one plans"),
            name=target.name,
            images=", ".join(image.name for image in fitting),
        )
    raise NotFound(
        N_("{name}: inventory/images.yml has no image of release {release} for {platform}"),
        hint=N_("write its entry there (docs/images.md)"),
        name=target.name,
        release=release or "-",
        platform=target.platform,
    )


def _named(name: str, known: Sequence[Image], target: Target) -> Image:
    found = next((image for image in known if image.name == name), None)
    if found is None:
        raise NotFound(
            N_("inventory/images.yml has no image {image}"),
            hint=N_("it has: {known}"),
            image=name,
            known=", ".join(image.name for image in known) or "-",
        )
    if found.platform != target.platform:
        raise InvalidInput(
            N_("{image} is for {platform}, and {name} is {other}"),
            image=name,
            platform=found.platform,
            name=target.name,
            other=target.platform,
        )
    if not found.is_for(target.name):
        raise InvalidInput(
            N_("{image} is for {hosts}, not for {name}"),
            image=name,
            hosts=", ".join(found.hosts),
            name=target.name,
        )
    return found


def image_of(images: Iterable[Image], target: Target, version: str) -> Image | None:
    """The image of a release for an element, where images.yml has it."""
    own = (one for one in images if one.platform == target.platform and one.is_for(target.name))
    return next((one for one in own if one.version == version), None)


def unfit(wish: Wish) -> str:
    """Why the image may not be put on the element as it is, or nothing."""
    image = wish.image
    if image.models and wish.model and not _any(wish.model, image.models):
        return f"{image.name} is not for {wish.model}"
    if image.from_versions and not _any(wish.running, image.from_versions):
        return f"{image.name} can't be reached from {wish.running} in one step"
    return ""


def _any(value: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatch(value.lower(), pattern.lower()) for pattern in patterns)


def upgrade_step(
    wish: Wish,
    policy: UpgradePolicy,
    *,
    keeps: Sequence[Mapping[str, Any]] = (),
    kept: Iterable[Target] = (),
    canary: bool = False,
    **more: Any,
) -> Step:
    """The step that upgrades one element; `keeps` are the paths that must stay meanwhile."""
    name = wish.target.name
    order = {
        "image": plain.to_plain(wish.image),
        "running": wish.running,
        "previous": None if wish.previous is None else plain.to_plain(wish.previous),
        "net_s": policy.net_s,
        "drain_s": policy.drain_s,
        "residue_bps": policy.residue_bps,
        "settle_s": policy.settle_s,
        "soak_s": policy.canary_soak_s if canary else policy.soak_s,
        "keeps": [dict(one) for one in keeps],
        "kept": [plain.to_plain(target) for target in kept],
        "expected_s": expected_s(wish, policy, canary=canary),
        **more,
    }
    return Step(
        id=f"{name}/upgrade:{wish.image.name}",
        target=name,
        kind=StepKind.UPGRADE,
        name=wish.image.name,
        executor=wish.platform.executor,
        changes=True,
        settings={"order": order, "timeout_s": longest_s(wish, policy, canary=canary)},
    )


def expected_s(wish: Wish, policy: UpgradePolicy, *, canary: bool = False) -> int:
    """How long an element is expected to take, where nothing was ever measured."""
    upgrade = wish.platform.upgrade
    boot = upgrade.boot_s if upgrade is not None else 0
    soak = policy.canary_soak_s if canary else policy.soak_s
    return boot + soak + policy.drain_s // 4


def longest_s(wish: Wish, policy: UpgradePolicy, *, canary: bool = False) -> int:
    """After how long an element is given up: every wait at its longest, taken back at the end."""
    upgrade = wish.platform.upgrade
    boot = upgrade.boot_s if upgrade is not None else 0
    soak = policy.canary_soak_s if canary else policy.soak_s
    return 6 * boot + 2 * policy.net_s + 3 * policy.settle_s + policy.drain_s + soak + 1800


def relied_on(step: Step) -> frozenset[str]:
    """The elements of the paths that must stay while this step's element is down."""
    keeps = step.settings.get("order", {}).get("keeps", ())
    hosts = {host for one in keeps for host in one["path"]}
    return frozenset(hosts - {step.target})


def unseen_links(step: Step) -> tuple[str, ...]:
    """The links of those paths of which nobody can be asked whether they are up."""
    keeps = step.settings.get("order", {}).get("keeps", ())
    links = (link for one in keeps for link in one["links"] if link.get("unseen"))
    return tuple(dict.fromkeys(str(link["id"]) for link in links))
