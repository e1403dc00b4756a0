"""A management controller has an address, or there is a reason why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.estate.draft import Draft, Rule, complaint
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.model.estate import Complaint


def _judge(draft: Draft) -> Iterator[Complaint]:
    for host, intent in draft.intents.items():
        bmc = intent.get("bmc")
        if bmc and bool(bmc.get("address")) == bool(bmc.get("absent")):
            yield complaint(
                draft.place_of(host, ("bmc",)),
                N_("{host}: its management controller needs an `address`, or `absent` and why"),
                N_("give it exactly one of the two, as in `absent: virtual machine`"),
                host=host,
            )


RULE = Rule(title=N_("A management controller has an address"), judge=_judge)
