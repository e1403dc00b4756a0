"""Validate: every file that decides what is done to the estate, before anything is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dcctl import checks, estate, gates
from dcctl.errors import DcctlError, Place
from dcctl.model.estate import Complaint
from dcctl.workflows.services import MARKER, Services


def validate(root: Path) -> tuple[Complaint, ...]:
    """Everything that is wrong or odd in the files; of the rest only once the estate can be read.

    The rest is the site's own roles and templates and its tailoring of checks and gates; each tells
    its first fault.
    """
    complaints = estate.check(root)
    if any(complaint.severity.value == "error" for complaint in complaints):
        return complaints
    services = Services(root=root)
    parts: tuple[Callable[[], object], ...] = (
        lambda: services.roles,
        lambda: services.template_paths,
        lambda: checks.tailor((), services.estate.site_config.checks),
        lambda: gates.tailor(services.estate.site_config.gates),
    )
    return (*complaints, *(fault for part in parts for fault in _faults(part, root)))


def _faults(part: Callable[[], object], root: Path) -> tuple[Complaint, ...]:
    try:
        part()
    except DcctlError as error:
        place = error.place or Place(MARKER)
        file = Path(place.file)
        shown = str(file.relative_to(root)) if file.is_relative_to(root) else place.file
        here = Place(shown, place.line, place.column)
        return (Complaint(place=here, text=error.text, hint=error.hint),)
    return ()
