"""Real answers of real devices, where they are kept beside the repository."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from dcctl import discovery

ROOT = discovery.data_root().parent / "shared/data/device_outputs"
NONE = f"no recordings of real devices in {ROOT}: left out"


class Recording(NamedTuple):
    """One file: what one device answered to one command."""

    platform: str
    command: str
    path: Path

    @property
    def text(self) -> str:
        """The answer."""
        return self.path.read_text(encoding="utf-8", errors="replace")


@cache
def recordings() -> tuple[Recording, ...]:
    """Every recording; none where they are not kept."""
    return tuple(
        Recording(path.parts[-3], path.parts[-2].replace("_", " "), path)
        for path in sorted(ROOT.glob("*/*/*.raw"))
    )


def per_recording() -> list[object]:
    """Parameters for a test of each recording, or one that says that there are none."""
    found = [pytest.param(one, id=f"{one.platform}/{one.path.stem}") for one in recordings()]
    return list(found) or [pytest.param(None, marks=pytest.mark.skip(reason=NONE))]


needed = pytest.mark.skipif(not ROOT.is_dir(), reason=NONE)
