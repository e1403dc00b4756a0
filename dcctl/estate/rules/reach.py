"""What is managed can be logged in to: it says where it is and with which credential."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.estate.draft import Draft, Rule, complaint
from dcctl.estate.explaining import short
from dcctl.estate.hostnames import split_port
from dcctl.model.estate import ComplaintSeverity
from dcctl.model.target import UNMANAGED
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.model.estate import Complaint


def _judge(draft: Draft) -> Iterator[Complaint]:
    for host, intent in draft.intents.items():
        dialled = draft.variable(host, "ansible_host")
        if isinstance(dialled, str) and split_port(dialled) is None:
            yield complaint(
                draft.place_of(host, variable="ansible_host"),
                N_("{value} is neither an address nor a host's name"),
                N_("give it its management address"),
                value=short(dialled),
            )
        if intent["platform"] == UNMANAGED:
            continue
        if not draft.says(host, "credential"):
            yield complaint(
                draft.place_of_host(host),
                N_("{host} has no credential, so it is tried as whoever runs dcctl"),
                N_("name one of dcctl.yml's credentials, for itself or a group of it"),
                ComplaintSeverity.WARNING,
                host=host,
            )
        if dialled is None:
            yield complaint(
                draft.place_of_host(host),
                N_("{host} has no ansible_host, so its name must be known to the resolver"),
                N_("give it its management address"),
                ComplaintSeverity.WARNING,
                host=host,
            )


RULE = Rule(title=N_("What is managed can be reached"), judge=_judge)
