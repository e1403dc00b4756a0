"""`dcctl upgrade rehearse`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dcctl.cli import completion, options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _, phase_word, spoken, wave_word
from dcctl.errors import ExitCode, InvalidInput
from dcctl.text import LANGUAGES, N_, shortened

if TYPE_CHECKING:
    from dcctl.model.rehearsal import Rehearsal


_FORMS = {".html": "html", ".md": "markdown"}


def command(
    plan: Annotated[
        str,
        typer.Argument(
            autocompletion=completion.changing_plans,
            help=_("The plan's hash, or the beginning of it."),
        ),
    ],
    *,
    faults: Annotated[
        bool,
        typer.Option("--faults/--no-faults", help=_("Play a fault at every step in turn as well.")),
    ] = True,
    every: Annotated[
        bool,
        typer.Option("--every", help=_("Play the faults on every element, not on one of a kind.")),
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-O", help=_("Write the report: FILE.html or FILE.md."))
    ] = None,
    language: Annotated[str, typer.Option("--language", help=_("vi, en or both."))] = "both",
    site: options.Site = None,
    lab: options.Lab = False,
) -> None:
    """Twins from the last backups, the very same code, virtual time; touches nothing."""
    from dcctl import reports
    from dcctl.workflows.rehearsal.rehearse import RehearseRequest, rehearse
    from dcctl.workflows.report import write

    _check(out, language)  # before minutes are spent
    request = RehearseRequest(plan=plan, faults=faults, every=every)
    with opened(site, lab=lab) as services:
        found = rehearse(request, services, _heard)
    _show(found)
    if out is not None:
        form = _FORMS[out.suffix]
        languages = ("vi", "en") if language == "both" else (language,)
        write(out, reports.rehearsal(found, form, languages))
        terminal.say(_("written: {path}", path=out))
    if found.bad:
        raise typer.Exit(int(ExitCode.WRONG))


def _check(out: Path | None, language: str) -> None:
    if language not in (*LANGUAGES, "both"):
        raise InvalidInput(
            N_("reports speak {languages}, not {language}"),
            languages=", ".join((*LANGUAGES, "both")),
            language=language,
        )
    if out is not None and out.suffix not in _FORMS:
        raise InvalidInput(
            N_("{path}: a rehearsal's report is FILE.html or FILE.md"), path=str(out)
        )
    if out is not None and not out.parent.is_dir():
        raise InvalidInput(N_("there is no folder {path}"), path=str(out.parent))


def _heard(done: int, of: int) -> None:
    """Every tenth part is told: a large campaign is rehearsed for minutes."""
    if done * 10 // of > (done - 1) * 10 // of:
        terminal.say(_("{done} of {of} faults played", done=done, of=of))


def _show(found: Rehearsal) -> None:
    from dcctl.model.rehearsal import Ending
    from dcctl.reports import ENDINGS

    for wave in found.waves:
        names = ", ".join(wave.elements[:6]) + (" …" if len(wave.elements) > 6 else "")  # noqa: PLR2004
        minutes = round(wave.seconds / 60)
        terminal.say(
            _(
                "wave {index} {title}: {minutes} min: {names}",
                index=wave.index + 1,
                title=wave_word(wave.title),
                minutes=minutes,
                names=names,
            )
        )
    terminal.say(_("all of it: {minutes} min", minutes=round(found.seconds / 60)))
    for one in found.elements:
        if one.ending is not Ending.UPGRADED:
            message = shortened(spoken(one.message), 200)
            terminal.say(
                _("{element}, with no fault at all: {message}", element=one.name, message=message)
            )
    for name, count in found.counts().items():
        ending = _(ENDINGS[Ending(name)])
        terminal.say(_("trials that ended {ending}: {count}", ending=ending, count=count))
    if found.unplayed:
        never = ", ".join(sorted({f"{name} {phase_word(phase)}" for name, phase in found.unplayed}))
        count = len(found.unplayed)
        terminal.say(_("faults whose phase never came: {count} ({told})", count=count, told=never))
    for trial in found.needing:
        told = {
            "element": trial.element,
            "phase": phase_word(trial.phase),
            "fault": spoken(trial.title),
        }
        message = shortened(spoken(trial.message), 200)
        terminal.say(_("{element} {phase}: {fault}: {message}", **told, message=message))
    for words in found.wrong:
        terminal.say(_("a promise was broken: {told}", told=words))
