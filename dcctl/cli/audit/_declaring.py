"""What `dcctl audit waiver` and `dcctl audit attestation` do alike."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from dcctl.cli import options, signing, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _
from dcctl.errors import InvalidInput
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from dcctl.workflows.audit.declare import Entry

DeclaredName = Annotated[str, typer.Argument(help=_("Its name: that of its file, without .yml."))]
From = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], help=_("Its first day (default: today).")),
]
Until = Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help=_("Its last day."))]


def term(first: datetime | None, last: datetime | date) -> dict[str, str]:
    """The first and the last day as a file says them."""
    from dcctl.workflows.audit.declare import today

    until = last.date() if isinstance(last, datetime) else last
    begins = first.date() if first else today()
    return {"effective_from": begins.isoformat(), "until": until.isoformat()}


def write(kind: type[Entry], name: str, said: dict[str, Any], site: Path | None) -> None:
    """Hold what was said to the schema, and write the file."""
    from pydantic import ValidationError

    from dcctl.estate.explaining import explain
    from dcctl.workflows.audit.declare import new

    try:
        entry = kind.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        message, hint, params = explain(first, kind.model_fields)
        raise InvalidInput(message, hint=hint, **params) from error
    with opened(site) as services:
        path = new(name, entry, services)
    terminal.say(_("written: {path}; it counts for nothing until it is signed", path=path))


def signer(kind: Callable[[], type[Entry]]) -> Callable[..., None]:
    """The verb that signs a declaration of this kind."""

    def command(
        name: DeclaredName,
        *,
        key: signing.Key = None,
        who: signing.Name = "",
        statement: signing.Statement = False,
        signature: signing.Signature = None,
        yes: options.Yes = False,
        site: options.Site = None,
    ) -> None:
        """Show what is signed, ask, sign, verify, and write it into the file."""
        from dcctl.workflows.audit import declare

        if statement and not who:
            raise InvalidInput(N_("--statement needs --as NAME"), hint=N_("it says who signs"))
        with opened(site) as services:
            one = declare.find(kind(), name, services)
            if statement:
                terminal.put(one.statement(who, services))
                return
            if signature is not None:
                text, made = signing.files(signature)
            else:
                terminal.say(one.content)
                used, principal = declare.own_key(key, who, one, services)
                text = one.statement(principal, services)
                signing.ask(text, yes=yes)
                made = declare.sign(one, text, principal, used, interactive=signing.interactive())
            told = declare.take(one, text, made, services)
        terminal.say(_("signed: {name} by {who}", name=name, who=told))

    return command
