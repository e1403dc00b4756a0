"""One page that needs nothing else: no font, no picture, no network.

Its one script narrows down what is shown; no other may run, and without it all is there.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from dcctl import discovery
from dcctl.contracts import Report
from dcctl.model.record import RunRecord
from dcctl.reports._audit import audit
from dcctl.reports._campaign import campaign
from dcctl.reports._templates import template
from dcctl.reports._view import view
from dcctl.text import N_

_WORDS = {
    "wrong": N_("What is wrong"),
    "unsure": N_("What could not be told"),
    "all": N_("Everything, by wave and target"),
    "wave": N_("Wave {index}"),
    "no_wave": N_("Touched by no wave"),
    "steps": N_("Steps"),
    "findings": N_("Findings"),
    "targets": N_("targets"),
    "lab": N_("lab: not the real estate"),
    "run": N_("Run"),
    "estate": N_("Estate"),
    "verb": N_("Verb"),
    "operator": N_("Operator"),
    "started": N_("Started"),
    "finished": N_("Finished"),
    "state": N_("State"),
    "plan": N_("Plan"),
    "exit": N_("Exit code"),
    "step": N_("Step"),
    "check": N_("Check"),
    "result": N_("Result"),
    "told": N_("What it told"),
    "found": N_("Found"),
    "expected": N_("Expected"),
    "fix": N_("What to do"),
    "attempts": N_("attempts"),
    "seconds": N_("s"),
    "orphans": N_("Events that fit no step"),
    "evidence": N_("Evidence"),
    "evidence_note": N_(
        "SHA-256 of what the equipment answered, secrets taken out; kept in the journal."
    ),
    "reproduce": N_("How to make this report again"),
    "reproduce_note": N_(
        "It is made from the journal alone, on any machine with this version of dcctl:"
    ),
    "versions": N_("Versions"),
    "nothing": N_("Nothing."),
    "clause": N_("Clause"),
    "clauses": N_("clauses"),
    "answers": N_("Answers"),
    "declared": N_("Waivers and attestations"),
    "makes_up": N_("makes up for it"),
    "verdict": N_("Verdict"),
    "upgrade": N_("The upgrade"),
    "element": N_("Element"),
    "releases": N_("From, to"),
    "ended": N_("How it ended"),
    "took": N_("Phases"),
    "gates": N_("Gates"),
    "before": N_("Before"),
    "after": N_("After"),
    "proven": N_("How the image was proven"),
    "search": N_("Look for"),
    "show": N_("Show"),
    "shown": N_("shown"),
    "still_drained": N_("traffic is still led round it"),
}


_FEW = 40  # targets; of more, those that are not well are not laid open


def render(record: RunRecord, language: str) -> bytes:
    """Readable on a screen at night and on paper; all text of devices is escaped."""
    from markupsafe import Markup  # Jinja2's; not at start-up

    shown = view(record, language)
    words = {name: shown.word(msgid) for name, msgid in _WORDS.items()}
    return (
        template("page.html.j2")
        .render(
            view=shown,
            record=record,
            run=record.run,
            words=words,
            upgrade=campaign(record, language),
            audit=audit(record, language),
            many=sum(len(wave.targets) for wave in shown.waves) > _FEW,
            script=Markup(_script()),  # noqa: S704 - a file of ours
            script_hash=base64.b64encode(hashlib.sha256(_script().encode()).digest()).decode(),
        )
        .encode()
    )


@cache
def _script() -> str:
    return (discovery.data_root() / "templates" / "reports" / "page.js").read_text("utf-8")


REPORT = Report(
    format="html",
    title=N_("A page to read and print"),
    media_type="text/html",
    suffix=".html",
    render=render,
)
