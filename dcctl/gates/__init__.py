"""Gates: pure comparisons of one topic before and after a change of software, one topic a file.

A gate may import `_judging` (and `_light`) and nothing else of this package.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from dcctl import discovery
from dcctl.contracts import Gate
from dcctl.errors import InvalidContribution
from dcctl.facts import all_facts
from dcctl.gates import _comparing, _span, _waiving
from dcctl.model import parameters
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from dcctl.contracts import Verdict
    from dcctl.facts.optics import Optic
    from dcctl.model.outcome import GateFinding, Reading
    from dcctl.model.upgrade import Installed, Waiver
    from dcctl.text import Text


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


def tailor(site: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, dict[str, Any]]:
    """Each gate's parameters by topic: its defaults with the site's values (`gates:`) over them.

    Raises:
        NotFound: the site tailors a gate or a parameter that does not exist.
        InvalidInput: a value of the wrong type.
    """
    defaults = {topic: gate.parameters for topic, gate in all_gates().items()}
    return parameters.tailor("gates", defaults, defaults, site or {})


def compare(
    before: Mapping[str, Reading],
    after: Mapping[str, Reading],
    tailored: Mapping[str, Mapping[str, Any]],
    waivers: Iterable[Waiver],
    target: str,
    *,
    elapsed_s: float | None = None,
    restarted: bool | None = None,
    today: date | None = None,
) -> tuple[GateFinding, ...]:
    """What every gate says that could be asked before; nothing vanishes, and nothing is raised.

    `before` and `after` are readings by topic, live or from the journal; `tailored` what `tailor`
    gave: its topics are compared. `elapsed_s` lies between the snapshots. `restarted` says whether
    the element was (an upgrade: it was; a soak: it was not); None: its uptime tells. `today` is the
    UTC day that waivers are good for (default: now).
    """
    found = _comparing.compare(
        all_gates(), before, after, tailored, target, elapsed_s=elapsed_s, restarted=restarted
    )
    return _waiving.waive(found, waivers, today)


def span(
    before_near: Sequence[Optic],
    before_far: Sequence[Optic],
    after_near: Sequence[Optic],
    after_far: Sequence[Optic],
    given: Mapping[str, Any],
) -> tuple[Verdict, ...]:
    """A link's loss both ways and the far receiver's light; see `dcctl.gates._span`.

    `given` are the tailored parameters of `optics`; each side gives the lanes of one interface.
    """
    return _span.span(before_near, before_far, after_near, after_far, given)


def findings(
    verdicts: Iterable[Verdict],
    topic: str,
    target: str,
    subject: str,
    waivers: Iterable[Waiver] = (),
    *,
    today: date | None = None,
) -> tuple[GateFinding, ...]:
    """Verdicts that `compare` did not make (a link's `span`) as findings, `subject` before each."""
    gate = all_gates()[topic]
    made = tuple(_comparing.finding(gate, target, one, subject) for one in verdicts)
    return _waiving.waive(made, waivers, today)


def worth_waiting(findings: Iterable[GateFinding], waited_s: float) -> bool:
    """Whether all that stops may still come right, `waited_s` after the target answered again.

    False as soon as one thing that stops won't come right by waiting, and when nothing stops.
    """
    stopping = [one for one in findings if one.stops]
    return bool(stopping) and all(waited_s < one.settle_s for one in stopping)


def waiver_notes(
    waivers: Iterable[Waiver], findings: Iterable[GateFinding], today: date | None = None
) -> tuple[Text, ...]:
    """What a report tells of waivers: those that expired, and those that covered nothing."""
    return _waiving.notes(waivers, findings, today)
