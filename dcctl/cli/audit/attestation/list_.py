"""`dcctl audit attestation list`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from dcctl.cli import options, terminal
from dcctl.cli.audit._options import AsOf, own
from dcctl.cli.site import opened
from dcctl.cli.words import _, spoken
from dcctl.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.model.declaration import Attestation
    from dcctl.standards import Row


def command(
    *,
    as_of: AsOf = None,
    site: options.Site = None,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Every row that is to be attested; exit 6 where one has nothing that counts."""
    from dcctl.standards import Attested
    from dcctl.workflows.audit.declare import standing
    from dcctl.workflows.catalogue import catalogue

    with opened(site) as services:
        found = standing(services, as_of.date() if as_of else None).attestations
    rows = [row for row in catalogue() if isinstance(row.answer, Attested)]
    headings = (_("row"), _("role"), _("attestation"), _("attested by"), _("days"), _("verdict"))
    terminal.show(found, output, headings, [line for row in rows for line in _lines(row, found)])
    good = {one.row for one in found if one.problem is None}
    if not good.issuperset(row.id for row in rows) or any(one.problem for one in found):
        raise typer.Exit(int(ExitCode.REFUSED))


def _lines(row: Row, found: tuple[Attestation, ...]) -> Iterator[tuple[Any, ...]]:
    from dcctl.standards import Attested, roles

    assert isinstance(row.answer, Attested)  # noqa: S101 - asked by the caller
    title, role = f"{row.id} {own(row.title)}", own(roles()[row.answer.role])
    own_ones = [one for one in found if one.row == row.id]
    if not own_ones:
        yield title, role, "-", "-", "-", _("nobody has signed for it")
    for one in own_ones:
        days = f"{one.effective_from} - {one.until}"
        verdict = spoken(one.problem) if one.problem is not None else one.says
        yield title, role, one.name, one.by, days, verdict
