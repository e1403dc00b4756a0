"""`dcctl audit standards`."""

from __future__ import annotations

from dcctl.cli import options, terminal
from dcctl.cli.audit._options import AsOf, day, own
from dcctl.cli.words import _, status_word


def command(*, as_of: AsOf = None, output: options.OutputFormat = terminal.Output.TABLE) -> None:
    """Every standard: whether it applied on a day, how certain its clauses are, its source."""
    from dcctl.standards import Force, all_standards

    words = {
        Force.NOT_YET: _("not yet in force"),
        Force.IN_FORCE: _("in force"),
        Force.TRANSITION: _("in transition"),
        Force.ENDED: _("ended"),
    }
    when = day(as_of)
    rows, said = [], []
    for found in all_standards().values():
        force = found.force(when)
        word = words[force]
        if force is Force.TRANSITION and found.transition is not None:
            word = _(
                "in transition until {until}: {applies_to}",
                until=found.transition.until.isoformat(),
                applies_to=own(found.transition.applies_to),
            )
        certain = status_word(found.certainty)
        rows.append((found.id, word, certain, len(found.clauses), own(found.title)))
        said.append(
            {
                "id": found.id,
                "title": dict(found.title),
                "force": force.value,
                "effective_from": found.effective_from,
                "effective_to": found.effective_to,
                "transition_until": found.transition.until if found.transition else None,
                "supersedes": list(found.supersedes),
                "certainty": found.certainty,
                "source": found.source,
                "status": dict(found.status),
                "clauses": len(found.clauses),
            }
        )
    headings = (_("standard"), _("applies"), _("certainty"), _("clauses"), _("title"))
    terminal.show({"as_of": when.isoformat(), "standards": said}, output, headings, rows)
