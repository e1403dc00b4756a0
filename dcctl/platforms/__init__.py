"""Operating systems, a folder each: how to reach one, and what it must not be told."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from dcctl import discovery
from dcctl.contracts import Platform
from dcctl.errors import NotFound
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from dcctl.contracts import Collector, Output
    from dcctl.model.parsed import Parsed
    from dcctl.model.status import ReadingStatus
    from dcctl.text import Text


@cache
def all_platforms() -> dict[str, Platform]:
    """Every platform by its name."""
    found = discovery.scan("dcctl.platforms", "PLATFORM", Platform, entry_points="dcctl.platforms")
    return {platform.name: platform for platform in found.values()}


@cache
def get(name: str) -> Platform:
    """The platform `name`; of the packaged ones no other is loaded.

    Raises:
        NotFound: no folder of that name.
    """
    alone = discovery.one("dcctl.platforms", name, "PLATFORM", Platform)
    if alone is not None:
        return alone
    try:
        return all_platforms()[name]
    except KeyError as error:
        raise NotFound(
            N_("there is no platform {name}"),
            hint=N_("known platforms: {known}"),
            name=name,
            known=", ".join(sorted(all_platforms())),
        ) from error


def asked_with(name: str) -> tuple[Platform, ...]:
    """The platform `name`, that of the host beneath it, and those of controllers beside them.

    Raises:
        NotFound: no folder of that name.
    """
    own = get(name)
    hosts = (own, get(own.beneath)) if own.beneath else (own,)
    return (*hosts, *(get(host.beside) for host in hosts if host.beside))


def parse(platform: str, command: str, text: str) -> Parsed:
    """What `text`, the whole answer to `command`, means; raises nothing."""
    from dcctl.platforms import _router  # it needs this module

    return _router.parse(platform, command, text)


def fact_of(collector: Collector, outputs: Sequence[Output]) -> tuple[ReadingStatus, Any, Text]:
    """(status, fact, message) of a collector's answers; raises nothing."""
    from dcctl.platforms import _router  # it needs this module

    return _router.fact_of(collector, outputs)
