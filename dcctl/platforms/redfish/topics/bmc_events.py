"""EventService and its Subscriptions (DSP2046, EventService, EventDestination)."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from dcctl.facts.bmc_events import BmcEvents, Subscription
from dcctl.platforms.redfish._resources import Resource, Resources, collector, flag, part, text


def _parse(found: Sequence[Resources]) -> BmcEvents | None:
    services, subscriptions = found
    if not services:
        return None
    return BmcEvents(
        enabled=next(flag(one, "ServiceEnabled") for one in services.values()),
        items=tuple(
            Subscription(
                host=_host(text(one, "Destination")),
                protocol=text(one, "Protocol"),
                enabled=_enabled(one),
            )
            for _, one in sorted(subscriptions.items())
        ),
    )


def _host(destination: str) -> str:
    """The host of a URL, or of an address with or without a port."""
    url = destination if "//" in destination else f"//{destination}"
    return urlsplit(url).hostname or ""


def _enabled(one: Resource) -> bool | None:
    state = text(part(one, "Status"), "State")
    return state == "Enabled" if state else None


COLLECTOR = collector(
    "bmc_events", ("GET EventService", "GET EventService/Subscriptions/*"), _parse
)
