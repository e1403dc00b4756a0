"""Gates: pure comparisons of one topic before and after a change of software, one topic a file."""

from __future__ import annotations

from functools import cache

from dcctl import discovery
from dcctl.contracts import Gate
from dcctl.errors import InvalidContribution
from dcctl.facts import all_facts
from dcctl.text import N_


@cache
def all_gates() -> dict[str, Gate]:
    """Every gate by its topic.

    Raises:
        InvalidContribution: its topic is no fact, or not the module's name.
    """
    found = discovery.scan("dcctl.gates", "GATE", Gate, entry_points="dcctl.gates")
    for file, gate in found.items():
        if gate.topic != file or gate.topic not in all_facts():
            raise InvalidContribution(
                N_("the gate {file} compares {topic}, which no fact of this name describes"),
                file=file,
                topic=gate.topic,
            )
    return dict(sorted(found.items()))
