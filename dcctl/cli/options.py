"""Options that several verbs share, each defined once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dcctl.cli import completion
from dcctl.cli.terminal import Output
from dcctl.cli.words import _

Site = Annotated[
    Path | None,
    typer.Option(
        "--site",
        "-s",
        envvar="DCCTL_SITE",
        help=_("The site's folder (default: the nearest dcctl.yml upwards)."),
    ),
]
Lab = Annotated[
    bool, typer.Option("--lab", help=_("Act on the lab's twins, never on the real estate."))
]
Limit = Annotated[
    str | None,
    typer.Option(
        "--limit",
        "-l",
        autocompletion=completion.limits,
        help=_("Which targets, as an Ansible host pattern."),
    ),
]
Image = Annotated[
    str,
    typer.Option(
        "--image",
        autocompletion=completion.images,
        help=_("Which image of inventory/images.yml (default: the one of the element's release)."),
    ),
]
Kind = Annotated[
    str, typer.Option("--kind", help=_("Only one kind of target: servers or transmission."))
]
OutputFormat = Annotated[
    Output, typer.Option("--output", "-o", help=_("How data comes out on stdout."))
]
Out = Annotated[Path | None, typer.Option("--out", "-O", help=_("A file (default: stdout)."))]
Language = Annotated[str | None, typer.Option("--language", help=_("vi or en (default: yours)."))]
Yes = Annotated[bool, typer.Option("--yes", "-y", help=_("Approve without being asked."))]
Concurrency = Annotated[
    int | None, typer.Option("--concurrency", "-c", min=1, help=_("Most targets at the same time."))
]
MaxFailures = Annotated[
    str | None,
    typer.Option("--max-failures", help=_("Start nothing new after so many failures: N or N%.")),
]
Settle = Annotated[
    int,
    typer.Option(
        "--settle",
        min=0,
        help=_("Seconds that adjacencies and clocks may take to come up after a change."),
    ),
]
Serial = Annotated[
    bool, typer.Option("--serial", help=_("One thing after the other, in this process."))
]
Offline = Annotated[
    bool, typer.Option("--offline", help=_("Observe nothing: what would change is unknown."))
]
Together = Annotated[
    list[str] | None,
    typer.Option(
        "--together",
        autocompletion=completion.groups,
        help=_(
            "Targets whose changes are confirmed all or none: a host pattern, or a group's name in "
            "topology.yml; may be given again."
        ),
    ),
]
TogetherRedundant = Annotated[
    bool,
    typer.Option(
        "--together-redundant",
        help=_("Let --together join targets that are redundant to each other."),
    ),
]
NoWitnesses = Annotated[
    bool,
    typer.Option("--no-witnesses", help=_("Confirm changes without asking the neighbours.")),
]
Detail = Annotated[
    bool, typer.Option("--detail", help=_("Show every line that differs, and all that is sent."))
]
ApproveDestructive = Annotated[
    bool,
    typer.Option("--approve-destructive", help=_("Approve what takes configuration away.")),
]
ApproveReload = Annotated[
    bool,
    typer.Option(
        "--approve-reload",
        help=_("Where there is no other safety net, let a planned reload be one."),
    ),
]
NoSafetyNet = Annotated[
    bool,
    typer.Option("--no-safety-net", help=_("Change even what nothing would take back.")),
]
LogKey = Annotated[
    Path, typer.Option("--key", "-k", help=_("The operator's private key of the evidence log."))
]
RunName = Annotated[
    str,
    typer.Argument(
        autocompletion=completion.runs, help=_("The run: its id, the beginning of it, or `latest`.")
    ),
]
TargetName = Annotated[
    str, typer.Argument(autocompletion=completion.targets, help=_("The target's name."))
]

Console = Annotated[
    bool,
    typer.Option("--console", help=_("Read over the console server what SSH does not reach.")),
]
Windows = Annotated[
    bool | None,
    typer.Option(
        "--windows/--no-windows",
        help=_("Keep maintenance windows and freezes (default: not in the lab)."),
    ),
]
AcceptCuts = Annotated[
    bool,
    typer.Option("--accept-cuts", help=_("Also elements whose upgrade must cut a site off.")),
]
