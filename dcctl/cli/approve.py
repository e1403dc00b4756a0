"""`dcctl approve`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dcctl.cli import completion, options, signing, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _, spoken
from dcctl.errors import ExitCode, InvalidInput
from dcctl.model.approval import ALLOWED_SIGNERS, EVIDENCE_POLICY
from dcctl.text import N_

if TYPE_CHECKING:
    from pathlib import Path

    from dcctl.model.approval import Role
    from dcctl.model.plan import Plan
    from dcctl.workflows.services import Services


_Plan = Annotated[
    str,
    typer.Argument(
        autocompletion=completion.changing_plans,
        help=_("The plan's hash, or the beginning of it."),
    ),
]
_RoleName = Annotated[
    str, typer.Option("--role", help=_("What is approved: approver, site_cut, no_safety_net."))
]
_ForSigners = Annotated[
    bool,
    typer.Option("--signers", help=_("Sign for the changed allowed_signers, not for a plan.")),
]
_ForEvidence = Annotated[
    bool,
    typer.Option(
        "--evidence-policy", help=_("Sign for the changed evidence.policy, not for a plan.")
    ),
]
_Show = Annotated[
    bool, typer.Option("--show", help=_("Only show who signed and who still has to."))
]


def command(
    plan: _Plan = "",
    *,
    site: options.Site = None,
    lab: options.Lab = False,
    yes: options.Yes = False,
    key: signing.Key = None,
    name: signing.Name = "",
    role: _RoleName = "approver",
    statement: signing.Statement = False,
    signature: signing.Signature = None,
    signers: _ForSigners = False,
    evidence_policy: _ForEvidence = False,
    show: _Show = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Show what is approved, ask, sign, verify, keep."""
    if [bool(plan), signers, evidence_policy].count(True) != 1:
        raise InvalidInput(
            N_("name a plan, or give --signers or --evidence-policy"), hint=N_("one of the three")
        )
    if statement and not name:
        raise InvalidInput(N_("--statement needs --as NAME"), hint=N_("it says who approves"))
    with opened(site, lab=lab) as services:
        if signers or evidence_policy:
            file = EVIDENCE_POLICY if evidence_policy else ALLOWED_SIGNERS
            _signers(services, file, key, name, statement=statement, signature=signature, yes=yes)
            return
        made = services.journal.plan(plan)
        if not show:
            chosen = _role(role)
            if _sign(
                made, services, key, name, chosen, statement=statement, signature=signature, yes=yes
            ):
                return
        _standing(made, services, output)


def _sign(
    plan: Plan,
    services: Services,
    key: Path | None,
    name: str,
    role: Role,
    *,
    statement: bool,
    signature: Path | None,
    yes: bool,
) -> bool:
    """Whether that was all."""
    from dcctl.cli.show_plan import show_plan
    from dcctl.cli.upgrade.show import show_campaign
    from dcctl.model.plan import StepKind
    from dcctl.workflows import approve, signers, statements

    if statement:
        terminal.put(statements.of_plan(plan, services, approver=name, role=role))
        return True
    if signature is not None:
        text, made = signing.files(signature)
    else:
        campaign = any(step.kind is StepKind.UPGRADE for step in plan.steps)
        show = show_campaign if campaign else show_plan
        show(plan, terminal.Output.TABLE, to_stderr=True)
        used, approver = signers.own_key(key, name, signers.pinned(services))
        text = statements.of_plan(plan, services, approver=approver, role=role)
        signing.ask(text, yes=yes)
        made = approve.sign(text, used, interactive=signing.interactive())
    given = approve.take(plan, text, made, services)
    terminal.say(_("kept: {approver} as {role}, {key}", **_told(given)))
    return False


def _signers(
    services: Services,
    file: str,
    key: Path | None,
    name: str,
    *,
    statement: bool,
    signature: Path | None,
    yes: bool,
) -> None:
    from dcctl.workflows import new_signers, signers

    if statement:
        terminal.put(new_signers.change_statement(services, approver=name, file=file))
        return
    if signature is not None:
        text, made = signing.files(signature)
    else:
        before, after = new_signers.step(services, file)
        for line in new_signers.difference(before, after):
            terminal.say(f"  {line}")
        used, approver = signers.own_key(key, name, new_signers.in_force_now(services, file))
        text = new_signers.change_statement(services, approver=approver, file=file)
        signing.ask(text, yes=yes)
        made = new_signers.sign_change(text, used, interactive=signing.interactive())
    changed = new_signers.change(text, made, services, file)
    terminal.say(_("in force: {digest}", digest=changed))


def _role(text: str) -> Role:
    from dcctl.model.approval import Role

    if text not in tuple(Role):
        raise InvalidInput(
            N_("there is no role {role}"),
            hint=N_("roles: {known}"),
            role=text,
            known=", ".join(Role),
        )
    return Role(text)


def _told(given: object) -> dict[str, str]:
    return {name: str(getattr(given, name)) for name in ("approver", "role", "key")}


def _standing(plan: Plan, services: Services, output: terminal.Output) -> None:
    """Who signed; ends with "refused" while somebody still has to."""
    from dcctl.workflows.approve import standing

    found = standing(plan, services)
    rows = [(one.approver, one.role, one.at[:19], one.key, _("counts")) for one in found.good]
    rows += [(one.approver, one.role, one.at[:19], "", spoken(why)) for one, why in found.bad]
    headings = (_("approver"), _("role"), _("taken in"), _("key"), _("verdict"))
    terminal.show(found, output, headings, rows)
    if not found.missing:
        terminal.say(_("plan {hash}: nobody has to sign any more", hash=plan.hash[:12]))
        return
    terminal.say(
        _(
            "plan {hash} by {asker} still needs {missing}; whoever may: {who}",
            hash=plan.hash[:12],
            asker=found.requester or "?",
            missing=", ".join(f"{role}: {count}" for role, count in found.missing.items()),
            who=", ".join(found.candidates) or "-",
        )
    )
    raise typer.Exit(int(ExitCode.REFUSED))
