"""The table of contents: every verb and group of `dcctl`."""

from __future__ import annotations

import logging
import sys
from typing import Annotated, NoReturn

import typer
from typer.exceptions import TyperException

from dcctl.cli import (
    apply,
    approve,
    audit,
    backup,
    build,
    check,
    doctor,
    exec_,
    facts,
    images,
    init,
    inventory,
    journal,
    lab,
    parse,
    plan,
    render,
    report,
    runs,
    snapshot,
    ssh,
    state,
    terminal,
    upgrade,
)
from dcctl.cli.foreign import complaint, speaking
from dcctl.cli.words import _, error_line
from dcctl.errors import DcctlError, ExitCode

app = typer.Typer(
    name="dcctl",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help=_("Build, check and prove the equipment of a data centre and its sites."),
    epilog=_(
        "Exit codes: 0 fine, 1 internal error, 2 usage or invalid files, 3 something is wrong on a "
        "device, 4 could not tell, 5 changes pending, 6 refused, 130 interrupted."
    ),
)
app.command("init", help=_("Make a new site from the sample estate."))(init.command)
app.command("doctor", help=_("Say whether this machine has what dcctl needs."))(doctor.command)
app.add_typer(lab.app, name="lab", help=_("The embedded lab: real servers and routers, twins."))
app.add_typer(inventory.app, name="inventory", help=_("The estate: validate, list, show, trust."))
app.command("render", help=_("The intended configurations, from the templates; reaches nothing."))(
    render.command
)
app.command("plan", help=_("Observe, then say what would change (exit 5 when something would)."))(
    plan.command
)
app.command("apply", help=_("Run exactly a plan that was made, or refuse it as stale."))(
    apply.command
)
app.command(
    "approve", help=_("Sign a plan with an SSH key, or show who signed and who still has to.")
)(approve.command)
app.command("build", help=_("Plan, ask, apply, then read and judge."))(build.command)
app.add_typer(
    upgrade.app,
    name="upgrade",
    help=_("Software of network elements, in campaigns."),
)
app.add_typer(
    backup.app, name="backup", help=_("Configurations: keep, compare, bring back, export.")
)
app.add_typer(images.app, name="images", help=_("Releases' files: check and stage them."))
app.add_typer(check.app, name="check", help=_("Read and judge; changes nothing."))
app.add_typer(
    audit.app, name="audit", help=_("What law and standards ask for, and what answers it.")
)
app.add_typer(runs.app, name="runs", help=_("Runs: list, show, watch, resume, cancel, rerun."))
app.add_typer(
    journal.app,
    name="journal",
    help=_("The evidence log over the journal: checkpoints, witnesses, proofs."),
)
app.command("report", help=_("Make a report of a run again, from the journal alone."))(
    report.command
)
app.command("facts", help=_("What a target is and does: typed facts, topic by topic."))(
    facts.command
)
app.command("parse", help=_("What an answer kept in a file means; needs no device."))(parse.command)
app.add_typer(snapshot.app, name="snapshot", help=_("All topics kept, and what became of them."))
app.command(
    "exec",
    help=_("One read-only command on many targets."),
    options_metavar="[OPTIONS] -- COMMAND",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)(exec_.command)
app.command(
    "ssh",
    help=_("A session with a target, with the right keys and options."),
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)(ssh.command)


def _version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it so
    if wanted:
        from dcctl import __version__

        terminal.put(f"dcctl {__version__}")
        raise typer.Exit


@app.callback()
def root(
    *,
    verbose: Annotated[
        int,
        typer.Option(
            "--verbose",
            "-v",
            count=True,
            show_default=False,
            help=_("Say more, and keep the sessions' logs (redacted); twice: debug."),
        ),
    ] = 0,
    debug: Annotated[
        bool, typer.Option("--debug", help=_("Show the traceback of an error."))
    ] = False,
    version: Annotated[  # noqa: ARG001 - handled by its callback
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help=_("Show the version and end.")
        ),
    ] = False,
) -> None:
    """Options that stand before the verb."""
    state.verbose, state.debug = verbose, debug
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s")
    # netmiko and paramiko write secrets at debug level.
    for name in ("netmiko", "paramiko"):
        logging.getLogger(name).setLevel(logging.WARNING)


def run() -> None:
    """Run, and end with the one exit code that says what happened; an error is one line.

    Whoever read our answer and has seen enough (`| head`) makes no error of it.
    """
    try:
        try:
            _run()
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()  # else the interpreter would, and complain
    except (BrokenPipeError, SystemExit) as end:
        # Rich and Typer make an exit of their own of it.
        broken = isinstance(end, BrokenPipeError) or isinstance(end.__context__, BrokenPipeError)
        if not (broken and terminal.reader_is_gone()):
            raise
        terminal.silence(sys.__stdout__)
        sys.exit(int(ExitCode.OK))


def _run() -> None:
    try:
        # Typer's own way tells a wrong argument in a box of five lines.
        code = speaking(app)(standalone_mode=False)
    except TyperException as error:
        _usage(error)
    except DcctlError as error:
        if state.debug:
            raise
        terminal.say(_("error: {line}", line=error_line(error)), style="red")
        sys.exit(int(error.exit_code))
    except (KeyboardInterrupt, typer.Abort):
        terminal.say(_("interrupted"))
        sys.exit(int(ExitCode.INTERRUPTED))
    except Exception as error:
        if state.debug:
            raise
        from dcctl.secrets import redact

        line = redact(f"{type(error).__name__}: {error}").splitlines()[0]
        terminal.say(
            _("internal error: {line} (run again with --debug and report it)", line=line),
            style="red",
        )
        sys.exit(int(ExitCode.INTERNAL))
    else:
        if code == ExitCode.INTERRUPTED:
            terminal.say(_("interrupted"))
        sys.exit(code if isinstance(code, int) else int(ExitCode.OK))


def _usage(error: TyperException) -> NoReturn:
    """A wrong argument in one line; a group without a verb shows what there is."""
    line = complaint(" ".join(error.format_message().split())).rstrip(".")
    if line:  # else Typer has just shown the help itself
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "dcctl"
        hint = _("`{command} --help` shows what it takes", command=command)
        terminal.say(_("error: {line}", line=f"{line} ({hint})"), style="red")
    sys.exit(int(ExitCode.USAGE))
