"""The pair of servers, raised once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dcctl import lab
from dcctl.workflows.services import LAB_FOLDER
from tests.lab.audited import servers
from tests.lab.conftest import need_root


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Pair]:
    """A weak and a hardened server; a test that changes one puts it back."""
    need_root()
    root = servers.site(tmp_path_factory.mktemp("audited"))
    try:
        yield servers.raised(root)
    finally:
        lab.down(root / LAB_FOLDER)
