"""Key: a private key in a file of its own, and the line that makes the public one count."""

from __future__ import annotations

from pathlib import Path

from dcctl.executors import notary
from dcctl.model.note import SignatureType
from dcctl.model.trust_policy import OPERATOR


def make(path: Path, name: str, role: str) -> str:
    """Make a key for a role; gives the line for inventory/evidence.policy.

    The operator's key signs checkpoints; every other role's is a witness's, and can't.

    Raises:
        InvalidInput: the file is there, or can't be written, or the name is no name.
    """
    if role == OPERATOR:
        return f"log {notary.make_key(path, name, SignatureType.LOG)}"
    return f"witness {role} {notary.make_key(path, name, SignatureType.COSIGNATURE)}"
