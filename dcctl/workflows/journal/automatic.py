"""A checkpoint after each run, where the site's policy names the operator's key.

What was run has ended whatever becomes of it here: nothing is raised, and what happened is told.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dcctl.errors import DcctlError
from dcctl.text import N_, Text
from dcctl.workflows.journal.checkpoint import checkpoint

if TYPE_CHECKING:
    from dcctl.model.record import Run
    from dcctl.workflows.services import Services

_PART_OF_ANOTHER = "observe"  # a run that only serves a plan


def after(run: Run, services: Services) -> None:
    """Sign the evidence log now that `run` has ended; in the lab nothing is signed."""
    policy = services.estate.site_config.policy
    wanted = run.verb in policy.checkpoint_after or not policy.checkpoint_after
    if not policy.checkpoint_key or services.lab or run.verb == _PART_OF_ANOTHER or not wanted:
        return
    try:
        services.on_notice(_signed(policy.checkpoint_key, services))
    except Exception as error:  # noqa: BLE001 - the run is over, and must not fail for this
        why = (
            error.text if isinstance(error, DcctlError) else Text("{error}", {"error": repr(error)})
        )
        services.on_notice(Text(N_("no checkpoint was made: {why}"), {"why": why}))


def _signed(name: str, services: Services) -> Text:
    key = services.root / Path(name).expanduser()
    if not key.exists():
        return Text(
            N_("no checkpoint was made: the key {path} is not here (dcctl journal checkpoint)"),
            {"path": str(key)},
        )
    made = checkpoint(key, services)
    told = {"size": made.head.size, "path": str(made.head.path)}
    if not made.missing:
        return Text(N_("checkpoint over {size} leaves: {path}"), told)
    words = N_("checkpoint over {size} leaves: {path}; still to cosign: {missing}")
    return Text(words, told | {"missing": ", ".join(made.missing)})
