"""Campaigns from seeds, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from dcctl.workflows.rehearsal.simulation import simulate

Campaign = Callable[..., None]
MEMORY = Path("/dev/shm")


@pytest.fixture
def campaign(tmp_path: Path) -> Iterator[Campaign]:
    """Carry out a seed's campaign (see `simulate`), and let it break no promise."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else tmp_path) as name:

        def kept(seed: int, **options: object) -> None:
            verdict = simulate(seed, Path(name), **options)
            assert not verdict.wrong, "\n".join([*verdict.trace[-80:], *verdict.wrong])

        yield kept
