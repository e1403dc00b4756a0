"""Every site and hall that something names exists."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from dcctl.estate.draft import RACKS, TOPOLOGY, Draft, Rule, complaint
from dcctl.estate.tree import MARKER
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dcctl.errors import Place
    from dcctl.model.estate import Complaint

Use = tuple[str | None, "Callable[[], Place]"]  # the name, and where it stands


def _judge(draft: Draft) -> Iterator[Complaint]:
    sites, halls = draft.topology.sites.keys(), draft.racks.halls.keys()
    for site, place in _sites(draft):
        if site and site not in sites:
            yield complaint(
                place(),
                N_("there is no site {site}"),
                N_("correct it, or add the site to inventory/topology.yml"),
                site=site,
            )
    for hall, place in _halls(draft):
        if hall and hall not in halls:
            yield complaint(
                place(),
                N_("there is no hall {hall}"),
                N_("correct it, or add the hall to inventory/racks.yml"),
                hall=hall,
            )


def _sites(draft: Draft) -> Iterator[Use]:
    for host, intent in draft.intents.items():
        yield intent["site"], partial(draft.place_of, host, ("site",))
    for name, hall in draft.racks.halls.items():
        yield hall.site, partial(draft.at, RACKS, "halls", name, "site")
    for name, rack in draft.racks.racks.items():
        yield rack.site, partial(draft.at, RACKS, "racks", name, "site")
    for site in draft.site.site_caps:
        yield site, partial(draft.at, MARKER, "site_caps", site)


def _halls(draft: Draft) -> Iterator[Use]:
    for name, rack in draft.racks.racks.items():
        yield rack.hall, partial(draft.at, RACKS, "racks", name, "hall")
    for code, site in draft.topology.sites.items():
        for index, hall in enumerate(site.halls):
            yield hall, partial(draft.at, TOPOLOGY, "sites", code, "halls", index)


RULE = Rule(title=N_("Sites and halls that are named exist"), judge=_judge)
