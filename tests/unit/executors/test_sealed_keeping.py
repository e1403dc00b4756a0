"""A seal that redaction alters: made again, but not for ever."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcctl import secrets
from dcctl.errors import InvalidInput
from dcctl.executors import _backup, sealing
from dcctl.journal import ShardLog


@pytest.fixture
def context(contexts, tmp_path, monkeypatch):
    """A context that keeps as a worker does, with redaction; what it learns is forgotten."""
    monkeypatch.setattr(secrets, "_values", set())
    with ShardLog(tmp_path / "shard", "run", "shard") as log:
        yield replace(contexts(), keep=log.keep)


def test_a_secret_that_stands_in_every_seal_is_an_error_not_a_hang(context):
    secrets.remember("gAAAAA")  # every Fernet token begins so
    seal = sealing.Sealer([sealing.new_key()])
    with pytest.raises(InvalidInput, match="redaction alters every seal"):
        _backup._kept_sealed(seal, "hostname r1", context, "r1")


def test_a_seal_that_has_a_secret_by_chance_is_made_again(context, monkeypatch):
    seal = sealing.Sealer([sealing.new_key()])
    unlucky = seal.seal("hostname r1")
    secrets.remember(unlucky[30:50])
    good = seal.seal("hostname r1")
    made = iter([unlucky, unlucky, good])
    monkeypatch.setattr(seal, "seal", lambda _text: next(made))
    _backup._kept_sealed(seal, "hostname r1", context, "r1")
    assert next(made, "none left") == "none left"
