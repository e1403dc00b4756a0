"""The steps that put an image's files on elements, or look whether they could be: one each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dcctl.model import plain
from dcctl.model.plan import Step, StepKind
from dcctl.model.upgrade import Mirror, StageOrder, StagingPolicy, Way

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcctl.contracts import Platform
    from dcctl.model.estate import Site
    from dcctl.model.target import Target
    from dcctl.model.upgrade import Image

DEFAULT = "default"  # the cap of sites that have none of their own
_SLOWEST_MBPS = 2.0  # below this a transfer is given up
_BESIDE_S = 3600  # digests, copies to the other supervisor, waiting for others


def mirror_for(
    target: Target, mirrors: Mapping[str, Mirror], sites: Mapping[str, Site]
) -> Mirror | None:
    """The nearest mirror: of its own site, else of its province, else of the centre."""
    if target.site in mirrors:
        return mirrors[target.site]
    own = sites.get(target.site)
    near = [
        site
        for code, site in sites.items()
        if code in mirrors and own and own.province and site.province == own.province
    ]
    centre = [site for code, site in sites.items() if code in mirrors and site.anchor]
    # Where the centre stands in the province, both are as near: the province's own comes first.
    for site in (*sorted(near, key=lambda one: one.anchor), *centre):
        return mirrors[site.code]
    return None


def stage_order(
    target: Target,
    image: Image,
    mirror: Mirror | None,
    policy: StagingPolicy,
    *,
    way: Way = Way.AUTO,
    folder: str = "",
) -> StageOrder:
    """What is to be staged on one element, and on what terms."""
    return StageOrder(
        image=image,
        site=target.site,
        mirror=mirror,
        cap_mbps=policy.caps_mbps.get(target.site, policy.caps_mbps.get(DEFAULT)),
        pull_mbps=policy.pull_mbps,
        way=way,
        folder=folder,
    )


def stage_step(target: Target, platform: Platform, order: StageOrder, fellows: int = 1) -> Step:
    """The step that puts the files there; `fellows` share the line of the site."""
    slowest = min(_SLOWEST_MBPS, (order.cap_mbps or _SLOWEST_MBPS) / max(1, fellows))
    bits = 8 * sum(file.size for file in order.image.files)
    return Step(
        id=f"{target.name}/stage:{order.image.name}",
        target=target.name,
        kind=StepKind.STAGE,
        name=order.image.name,
        executor=platform.executor,
        changes=True,
        settings={
            "order": plain.to_plain(order),
            "timeout_s": _BESIDE_S + math.ceil(bits / (slowest * 1e6)),
        },
    )


def look_step(
    target: Target, platform: Platform | None, order: StageOrder, *, staged: bool
) -> Step:
    """The step that looks whether the image suits and its files are there or have room.

    `staged`: a file that is not there is a fault.
    """
    return Step(
        id=f"{target.name}/stage:check-{order.image.name}",
        target=target.name,
        kind=StepKind.STAGE,
        name=order.image.name,
        executor=platform.executor if platform else "",
        changes=False,
        settings={"order": plain.to_plain(order), "staged": staged},
    )
