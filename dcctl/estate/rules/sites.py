"""Every site that something names is in topology.yml."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.estate.draft import RACKS, TOPOLOGY, Draft, Rule, complaint
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.model.estate import Complaint

_HINT = N_("correct it, or add the site to inventory/topology.yml")
_UNKNOWN = N_("there is no site {site}")


def _judge(draft: Draft) -> Iterator[Complaint]:
    known = draft.topology.sites.keys()
    for host, intent in draft.intents.items():
        if intent["site"] not in known:
            yield complaint(draft.place_of(host, ("site",)), _UNKNOWN, _HINT, site=intent["site"])
    for name, hall in draft.racks.halls.items():
        if hall.site not in known:
            yield complaint(draft.at(RACKS, "halls", name, "site"), _UNKNOWN, _HINT, site=hall.site)
    for name, rack in draft.racks.racks.items():
        if rack.site and rack.site not in known:
            yield complaint(draft.at(RACKS, "racks", name, "site"), _UNKNOWN, _HINT, site=rack.site)
    for site in draft.site.site_caps:
        if site not in known:
            yield complaint(draft.at("dcctl.yml", "site_caps", site), _UNKNOWN, _HINT, site=site)
    halls = draft.racks.halls.keys()
    for code, entry in draft.topology.sites.items():
        for index, hall_name in enumerate(entry.halls):
            if hall_name not in halls:
                yield complaint(
                    draft.at(TOPOLOGY, "sites", code, "halls", index),
                    N_("there is no hall {hall}"),
                    N_("correct it, or add the hall to inventory/racks.yml"),
                    hall=hall_name,
                )


RULE = Rule(title=N_("Sites and halls that are named exist"), judge=_judge)
