"""`dcctl facts`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from dcctl.cli import completion, options, terminal
from dcctl.cli.show_facts import show_facts
from dcctl.cli.site import opened
from dcctl.cli.words import _

if TYPE_CHECKING:
    from dcctl.workflows.services import Services


def command(
    host: Annotated[
        str,
        typer.Argument(
            metavar="HOST",
            autocompletion=completion.targets,
            help=_("The target, or an Ansible host pattern."),
        ),
    ],
    topics: Annotated[
        list[str], typer.Argument(help=_("Topics such as `bgp`, or `all`."), metavar="TOPIC")
    ],
    *,
    raw: Annotated[
        bool, typer.Option("--raw", help=_("The raw answers too, secrets blanked out."))
    ] = False,
    site: options.Site = None,
    lab: options.Lab = False,
    concurrency: options.Concurrency = None,
    serial: options.Serial = False,
    console: options.Console = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Exit 0 when all was understood, 4 when something could not be told."""
    from dcctl.workflows import facts

    request = facts.FactsRequest(limit=host, topics=tuple(topics))
    with opened(
        site,
        lab=lab,
        serial=serial,
        overrides={"concurrency": concurrency, "console": console or None},
    ) as services:
        record = facts.facts(request, services)
        found = [_told(one, services, raw=raw) for one in facts.readings(record)]
    show_facts(found, output)
    raise typer.Exit(int(facts.exit_code(record)))


def _told(one: tuple[str, str, Any], services: Services, *, raw: bool) -> dict[str, Any]:
    from dcctl.workflows import facts

    target, topic, reading = one
    return {
        "target": target,
        "topic": topic,
        "status": reading["status"],
        "message": reading.get("message", ""),
        "value": reading.get("value"),
        **({"raw": list(facts.raw(reading, services))} if raw else {}),
    }
