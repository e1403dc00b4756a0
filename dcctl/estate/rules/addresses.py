"""No address is given twice: management, loopback, BMC, and the interfaces of links."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from dcctl.estate.addresses import bare, is_address
from dcctl.estate.draft import TOPOLOGY, Draft, Rule, complaint
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dcctl.errors import Place
    from dcctl.model.estate import Complaint

Use = tuple[str, str, "Callable[[], Place]"]  # address, whose it is, where it stands


def _judge(draft: Draft) -> Iterator[Complaint]:
    owners: dict[str, str] = {}
    for address, owner, place in _uses(draft):
        other = owners.setdefault(address, owner)
        if other != owner:
            yield complaint(
                place(),
                N_("{address} of {owner} is already that of {other}"),
                N_("give one of them another address"),
                address=address,
                owner=owner,
                other=other,
            )


def _uses(draft: Draft) -> Iterator[Use]:
    for host, intent in draft.intents.items():
        yield from _of_host(draft, host, intent)
    for index, link in enumerate(draft.topology.links):
        for side, end in (("a", link.a), ("b", link.b)):
            if end.address:
                place = partial(draft.at, TOPOLOGY, "links", index, side, "address")
                yield bare(end.address), f"{end.host} {end.interface}", place


def _of_host(draft: Draft, host: str, intent: Mapping[str, Any]) -> Iterator[Use]:
    place = partial(draft.place_of, host)
    management = intent.get("management") or {}
    own = bare(management.get("address") or "")
    name = f"{host} {management.get('interface') or 'management'}"
    if own:
        yield own, name, partial(place, ("management", "address"))
    dialled = draft.variable(host, "ansible_host")
    if isinstance(dialled, str) and is_address(dialled):
        owner = name if own == dialled else f"{host} ansible_host"
        yield dialled, owner, partial(place, variable="ansible_host")
    if intent.get("loopback"):
        yield bare(intent["loopback"]), f"{host} loopback", partial(place, ("loopback",))
    bmc = intent.get("bmc") or {}
    if bmc.get("address"):
        yield bmc["address"], f"{host} BMC", partial(place, ("bmc", "address"))
    for port, said in (intent.get("interfaces") or {}).items():
        if said.get("address"):
            keys = ("interfaces", port, "address")
            yield bare(said["address"]), f"{host} {port}", partial(place, keys)


RULE = Rule(title=N_("No address is used twice"), judge=_judge)
