"""Lab: twins of a part of the estate, up, down, and broken on purpose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dcctl import lab
from dcctl.errors import InvalidInput, Refused
from dcctl.lab.elements.images import written
from dcctl.planning import graph
from dcctl.text import N_, Text
from dcctl.workflows.services import LAB_FOLDER, Services


@dataclass(frozen=True, slots=True, kw_only=True)
class LabUpRequest:
    """Which part of the estate gets twins."""

    limit: str | None = None


def up(
    request: LabUpRequest, services: Services, *, progress: Callable[[Text], None]
) -> lab.LabStatus:
    """Start twins of the selected targets; what has no twin is said, not hidden."""
    site = services.estate
    if site.lab:
        raise Refused(N_("twins are made from the real estate"), hint=N_("leave --lab out"))
    targets = [site.target(name) for name in site.select(request.limit)]
    return lab.up(
        targets,
        site.links,
        services.root / LAB_FOLDER,
        images=site.images,
        anchors=graph.graph_of(site).anchors,
        progress=progress,
    )


def status(services: Services) -> lab.LabStatus:
    """What of the lab runs."""
    return lab.status(services.root / LAB_FOLDER)


def down(services: Services) -> None:
    """Stop everything of this site's lab and leave nothing behind."""
    lab.down(services.root / LAB_FOLDER)


def fault(services: Services, target: str, name: str, arguments: Mapping[str, Any]) -> Any:
    """Break (or heal) something of one twin."""
    return lab.fault(services.root / LAB_FOLDER, target, name, **arguments)


def images(services: Services, folder: Path) -> tuple[str, ...]:
    """Write the lab's own files of images.yml into a folder; their names.

    A file whose digest there is another one is the vendor's, and is left out.
    """
    root = folder.resolve()
    names = []
    for name, content in written(services.estate.images):
        path = (root / name).resolve()
        if not path.is_relative_to(root):
            raise InvalidInput(N_("{name} leads out of the folder"), name=name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        names.append(name)
    return tuple(names)


def demo_limit(services: Services) -> str:
    """The part of the estate that the lab takes unless told otherwise."""
    return str(services.estate.site_config.lab.get("limit", "lab_demo"))
