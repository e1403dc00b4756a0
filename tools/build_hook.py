"""Build hook: the wheel carries compiled catalogues, so that gettext finds them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogues(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles every .po beside itself."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Before the files are collected."""
        for path in Path(self.root, "dcctl", "locale").glob("*/LC_MESSAGES/*.po"):
            with path.open("rb") as source, path.with_suffix(".mo").open("wb") as target:
                write_mo(target, read_po(source))
            name = path.with_suffix(".mo").relative_to(self.root).as_posix()
            build_data.setdefault("force_include", {})[str(path.with_suffix(".mo"))] = name
