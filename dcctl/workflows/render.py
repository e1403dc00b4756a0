"""Render: the intended configurations as the templates make them, for people to read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl import platforms, secrets
from dcctl.errors import InvalidInput, NotFound
from dcctl.executors.evidence import redacted
from dcctl.planning.render import render as render_target
from dcctl.text import N_
from dcctl.workflows.execute import select

if TYPE_CHECKING:
    from dcctl.workflows.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """One target's intended configuration without its secrets, or what is wrong with it."""

    target: str
    platform: str
    text: str = ""
    problem: InvalidInput | None = None


def render(limit: str | None, services: Services) -> Iterator[Rendered]:
    """The intended configuration of every selected target that has one, one after the other.

    Raises:
        NotFound: nothing selected has one.
    """
    targets = [
        target
        for target in select(services, limit).values()
        if target.managed and platforms.get(target.platform).change is not None
    ]
    if not targets:
        raise NotFound(
            N_("--limit {limit} selects nothing that has an intended configuration"),
            limit=limit or "all",
        )
    paths = services.template_paths
    for target in targets:
        try:
            text = render_target(target, paths)
        except InvalidInput as problem:
            yield Rendered(target=target.name, platform=target.platform, problem=problem)
        else:
            shown = redacted(secrets.redact(text), platforms.get(target.platform))
            yield Rendered(target=target.name, platform=target.platform, text=shown)


def write(rendered: Rendered, folder: Path) -> Path:
    """Write one configuration as `folder`/NAME.cfg; a reader never sees half of it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{rendered.target}.cfg"
    draft = folder / f".{rendered.target}.cfg.{os.getpid()}"
    try:
        draft.write_text(rendered.text, encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path
