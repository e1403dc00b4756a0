"""Operating systems, a folder each: how to reach one, and what it must not be told."""

from __future__ import annotations

from functools import cache

from dcctl import discovery
from dcctl.contracts import Platform
from dcctl.errors import NotFound
from dcctl.text import N_


@cache
def all_platforms() -> dict[str, Platform]:
    """Every platform by its name."""
    found = discovery.scan("dcctl.platforms", "PLATFORM", Platform, entry_points="dcctl.platforms")
    return {platform.name: platform for platform in found.values()}


def get(name: str) -> Platform:
    """The platform `name`.

    Raises:
        NotFound: no folder of that name.
    """
    try:
        return all_platforms()[name]
    except KeyError as error:
        raise NotFound(
            N_("there is no platform {name}"),
            hint=N_("known platforms: {known}"),
            name=name,
            known=", ".join(sorted(all_platforms())),
        ) from error
