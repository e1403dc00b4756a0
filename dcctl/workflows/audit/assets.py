"""What the inventory says that a collector of logs must hear; kept with the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dcctl.model.estate import Estate
    from dcctl.model.target import Target

CHECK, GROUP = "log_sources.complete", "log_collectors"


def expected(names: Iterable[str], estate: Estate) -> dict[str, dict[str, dict[str, Any]]]:
    """For those of `names` that collect logs: the addresses of every asset, by its name.

    In the lab every asset is one that has a twin there.
    """
    collectors = [name for name in names if name in estate.groups.get(GROUP, ())]
    if not collectors:
        return {}
    found = {name: sorted({*_addresses(estate.target(name))}) for name in estate.names}
    asked = {CHECK: {"assets": {name: given for name, given in found.items() if given}}}
    return dict.fromkeys(collectors, asked)


def _addresses(target: Target) -> Iterator[str]:
    """Whence its log may come: its management address and its loopback."""
    address = target.variables.get("ansible_host") or target.connection.address
    for given in (address, target.intent.get("loopback")):
        if given:
            yield str(given).partition("/")[0]
