"""Images: whether an element has what a release needs, and putting it there days ahead."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl import clock, platforms
from dcctl.errors import NotFound
from dcctl.model.approval import APPROVED
from dcctl.model.upgrade import Way
from dcctl.planning import make_plan, make_waves
from dcctl.planning.staging import look_step, mirror_for, stage_order, stage_step
from dcctl.planning.upgrades import image_for
from dcctl.text import N_
from dcctl.workflows.approvals import approve
from dcctl.workflows.execute import execute, options, select, simple_plan, versions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcctl.model.plan import Plan
    from dcctl.model.record import RunRecord
    from dcctl.model.target import Target
    from dcctl.model.upgrade import Image, StageOrder
    from dcctl.workflows.services import Services

VERB = "stage"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagesRequest:
    """Which elements, and which image of inventory/images.yml."""

    limit: str | None = None
    image: str = ""  # empty: of the release that the estate wants, else the one that suits alone
    staged: bool = False  # check: a file that is not there is a fault
    way: Way = Way.AUTO
    folder: Path | None = None  # with the files, on this machine


def check_images(request: ImagesRequest, services: Services) -> RunRecord:
    """Look at every element, changing nothing.

    Raises:
        NotFound: nothing selected can be upgraded, or there is no image for one.
    """
    orders = _orders(request, services)
    targets = {name: services.estate.target(name) for name in orders}
    steps = [
        look_step(target, platforms.get(target.platform), orders[name], staged=request.staged)
        for name, target in targets.items()
    ]
    plan = simple_plan("images", targets, steps, services)
    asked = {"verb": "images", "image": request.image, "limit": request.limit}
    return execute(plan, services, request=asked)


def stage_images(request: ImagesRequest, services: Services) -> RunRecord:
    """Put the files there: planned, approved, journalled, proven.

    Raises:
        NotFound: as above. Refused: it was not approved.
    """
    services.require_may_change()
    plan = stage_plan(request, services)
    services.on_plan(plan)
    approved = approve(plan, services)
    asked = {"verb": VERB, "image": request.image, "limit": request.limit, APPROVED: approved}
    return execute(plan, services, request=asked)


def stage_plan(request: ImagesRequest, services: Services) -> Plan:
    """The plan of a staging: no traffic is touched, yet never both of a group at once."""
    orders = _orders(request, services)
    targets = {name: services.estate.target(name) for name in orders}
    beside = Counter(order.site for order in orders.values())
    steps = [
        stage_step(target, platforms.get(target.platform), orders[name], beside[orders[name].site])
        for name, target in targets.items()
    ]
    groups = {group.name: group.members for group in services.estate.redundancy}
    return make_plan(
        verb=VERB,
        estate=services.estate.name,
        lab=services.lab,
        targets=targets,
        steps=steps,
        waves=make_waves(steps, groups),
        options={**options(services), "max_failures": "100%"},
        versions=versions(),
        digests={
            f"image:{order.image.name}:{file.name}": file.sha512
            for order in orders.values()
            for file in order.image.files
        },
        created_at=clock.now().isoformat(),
    )


def _orders(request: ImagesRequest, services: Services) -> Mapping[str, StageOrder]:
    estate = services.estate
    found = {}
    folder = str(request.folder.absolute()) if request.folder else ""
    for name, target in select(services, request.limit).items():
        if not target.managed or platforms.get(target.platform).upgrade is None:
            continue
        image = _image(target, request, services)
        if image is None:
            continue
        mirror = mirror_for(target, estate.mirrors, estate.sites)
        order = stage_order(target, image, mirror, estate.staging, way=request.way)
        found[name] = replace(order, folder=folder)
    if not found:
        raise NotFound(
            N_("nothing that is selected has an image in inventory/images.yml"),
            hint=N_("name one with --image, or select other elements with --limit"),
        )
    return found


def _image(target: Target, request: ImagesRequest, services: Services) -> Image | None:
    """The image for one element; None where the one named is for another platform or element."""
    images = services.estate.images
    if request.image:
        named = next((one for one in images if one.name == request.image), None)
        other = named is not None and named.platform != target.platform
        if other or (named is not None and not named.is_for(target.name)):
            return None
        return image_for(target, images, request.image)
    if target.intent.get("release"):
        return image_for(target, images)
    suits = [one for one in images if one.platform == target.platform and _is_for(one, target)]
    return suits[0] if len(suits) == 1 else None


def _is_for(image: Image, target: Target) -> bool:
    """Whether name and model suit, as the estate tells them; the element itself is asked later."""
    if not image.is_for(target.name):
        return False
    model = str(target.intent.get("device_type") or "").rpartition("/")[2]
    if not model or not image.models:
        return True
    return any(fnmatchcase(model, pattern.lower().replace(" ", "-")) for pattern in image.models)
