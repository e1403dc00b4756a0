"""`dcctl check explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from dcctl import clock
from dcctl.cli import completion, options, terminal
from dcctl.cli.words import _, status_word
from dcctl.errors import NotFound
from dcctl.model import plain
from dcctl.text import N_, user_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcctl.contracts import Check


def command(
    check: Annotated[
        str, typer.Argument(autocompletion=completion.checks, help=_("The check's id."))
    ],
    *,
    site: options.Site = None,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """What one check judges, why, and what to do about it."""
    from dcctl.checks import all_checks
    from dcctl.standards import clauses_of
    from dcctl.workflows.catalogue import catalogue
    from dcctl.workflows.check import parameters

    found = all_checks().get(check)
    if found is None:
        raise NotFound(
            N_("there is no check {check}"), hint=N_("`dcctl check list` names them"), check=check
        )
    tailored = parameters(site)[found.id]
    cited = clauses_of(check, catalogue(), on=clock.now().date())
    clauses = [plain.to_plain(clause) for clause in cited]
    explained = {
        "id": found.id,
        "title": _(found.title),
        "pack": found.pack,
        "severity": found.severity.value,
        "rationale": _(found.rationale),
        "remediation": _(found.remediation),
        "topics": list(found.topics),
        "parameters": tailored,
        "defaults": dict(found.parameters),
        "follows": list(found.follows),
        "clauses": clauses,
    }
    if output is not terminal.Output.TABLE:
        terminal.structured(explained, output)
        return
    _show(found, explained)


def _show(found: Check, explained: Mapping[str, Any]) -> None:
    terminal.put(f"{found.id}: {explained['title']}")
    terminal.put(f"  {_('pack')}: {found.pack}   {_('severity')}: {status_word(found.severity)}")
    terminal.put(f"  {_('why')}: {explained['rationale']}")
    terminal.put(f"  {_('what to do')}: {explained['remediation']}")
    terminal.put(f"  {_('reads')}: {', '.join(found.topics)}")
    for name, value in explained["parameters"].items():
        default = _listed(found.parameters[name])
        said = _("(default: {value})", value=default) if _listed(value) != default else ""
        terminal.put(f"  {_('parameter')}: {name} = {_listed(value)} {said}".rstrip())
    for name in found.follows:
        terminal.put(f"  {_('may fail after')}: {name}")
    for line in dict.fromkeys(_clause(clause) for clause in explained["clauses"]):
        terminal.put(f"  {_('standard')}: {line}")


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _clause(clause: dict[str, object]) -> str:
    title = clause.get("title")
    if isinstance(title, dict):
        title = title.get(user_language()) or title.get("en")
    return " ".join(str(part) for part in (clause.get("standard"), clause.get("id"), title) if part)
