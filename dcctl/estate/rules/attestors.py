"""Who may attest has a role that the catalogue knows, and audits nothing here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.estate.draft import Draft, Rule, complaint
from dcctl.estate.tree import MARKER
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.model.estate import Complaint


def _judge(draft: Draft) -> Iterator[Complaint]:
    policy = draft.site.policy
    if not policy.attestors:
        return
    from dcctl.standards import roles  # only for who has attestors

    for role, people in policy.attestors.items():
        if role not in roles():
            yield complaint(
                draft.at(MARKER, "policy", "attestors", role),
                N_("there is no role {role} that attests"),
                N_("roles: {roles}"),
                role=role,
                roles=", ".join(roles()),
            )
        for index, name in enumerate(people):
            if name in policy.auditors:
                yield complaint(
                    draft.at(MARKER, "policy", "attestors", role, index),
                    N_("{name} is an auditor, and can't attest as {role} what he audits"),
                    N_("name somebody else"),
                    name=name,
                    role=role,
                )


RULE = Rule(title=N_("Who attests has a role, and audits nothing"), judge=_judge)
