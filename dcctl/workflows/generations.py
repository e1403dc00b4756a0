"""Configuration generations: each router's own file, and its entry for images.yml.

A platform that has no software of its own to activate (FRR: Debian's packages are another matter)
is upgraded by starting with another configuration. Who makes such files by hand at night forgets a
digest; who makes them days ahead can read the differences first.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dcctl import platforms
from dcctl.errors import InvalidInput, NotFound
from dcctl.planning.render import render
from dcctl.text import N_
from dcctl.workflows.execute import select

if TYPE_CHECKING:
    from pathlib import Path

    from dcctl.workflows.services import Services

_NAME = re.compile(r"[A-Za-z0-9][\w.+-]{0,62}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """One router's file."""

    target: str
    platform: str
    version: str
    content: bytes

    @property
    def file(self) -> str:
        """Its name."""
        return f"{self.target}-{self.version}.conf"

    def entry(self) -> str:
        """Its lines below `images:` of images.yml."""
        digest = hashlib.sha512(self.content).hexdigest()
        return (
            f"  {self.target}-{self.version}:\n"
            f"    platform: {self.platform}\n"
            f'    version: "{self.version}"\n'
            f'    hosts: ["{self.target}"]\n'
            f"    files:\n"
            f'      - name: "{self.file}"\n'
            f"        size: {len(self.content)}\n"
            f"        sha512: {digest}\n"
        )


def generations(version: str, limit: str | None, services: Services) -> tuple[Generation, ...]:
    """The files of one generation, for every selected target that is upgraded by such.

    Raises:
        InvalidInput: no usable name, or a template that fails. NotFound: nothing selected has any.
    """
    if not _NAME.fullmatch(version):
        raise InvalidInput(
            N_("{version}: not a name of a generation: letters, digits, `.`, `_`, `+` and `-`"),
            version=version[:60],
        )
    paths, found = services.template_paths, []
    for name, target in select(services, limit).items():
        upgrade = platforms.get(target.platform).upgrade if target.managed else None
        if upgrade is None or upgrade.generation is None:
            continue
        text = upgrade.generation(render(target, paths), version)
        found.append(
            Generation(
                target=name, platform=target.platform, version=version, content=text.encode()
            )
        )
    if not found:
        raise NotFound(N_("nothing that is selected is upgraded by configuration generations"))
    return tuple(found)


def write(made: Generation, folder: Path) -> Path:
    """Write one file, for its owner's eyes only; a reader never sees half of it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / made.file
    draft = folder / f".{made.file}.{os.getpid()}"
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(made.content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path
