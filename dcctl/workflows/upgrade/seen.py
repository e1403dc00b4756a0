"""What is seen of the network before a campaign is planned: what runs, and what is down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl import facts, platforms
from dcctl.errors import Interrupted
from dcctl.model.status import ReadingStatus, RunStatus
from dcctl.planning import graph
from dcctl.planning.steps import topics_step
from dcctl.text import N_
from dcctl.workflows.execute import execute, simple_plan
from dcctl.workflows.plan import told_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcctl.model.record import RunRecord
    from dcctl.model.target import Target
    from dcctl.workflows.services import Services

_READ = ("version", "interfaces")


def network_of(services: Services) -> dict[str, Target]:
    """Every element of the graph that can be asked on a command line of its own."""
    known = graph.graph_of(services.estate).hosts
    targets = (services.estate.target(name) for name in services.estate.names if name in known)
    return {target.name: target for target in targets if told_by(target)}


def look(targets: Mapping[str, Target], services: Services) -> RunRecord:
    """Read them all.

    Raises:
        Interrupted: then nothing is known, and no plan is made.
    """
    steps = [topics_step(t, platforms.get(t.platform), _READ) for t in targets.values()]
    plan = simple_plan("observe", targets, steps, services)
    record = execute(plan, services, request={"verb": "observe"})
    if record.run.status is not RunStatus.FINISHED:
        raise Interrupted(N_("interrupted while observing; no plan was made, nothing was changed"))
    return record


def fact_of(record: RunRecord, name: str, topic: str) -> Any | None:
    """What was read of a target; None where nothing was understood."""
    reading = record.readings.get(name, {}).get(topic)
    if reading is None or reading["status"] != ReadingStatus.PARSED.value:
        return None
    return facts.revive(topic, reading["value"])


def down(network: Mapping[str, Target], record: RunRecord, services: Services) -> graph.Down:
    """What does not answer, and links that are seen down though both their ends answer."""
    dead = {name for name in network if fact_of(record, name, "version") is None}
    known = graph.graph_of(services.estate).links
    links = set()
    for name, target in network.items():
        seen = fact_of(record, name, "interfaces")
        states = {one.name: one.oper_up for one in seen.items} if seen is not None else {}
        links |= {
            port.link
            for port in target.interfaces
            if port.link in known and port.peer not in dead and states.get(port.name) is False
        }
    return graph.Down(hosts=frozenset(dead), links=frozenset(links))
