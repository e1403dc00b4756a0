"""The journal: all that was planned, begun, observed and concluded, written before it is done.

`Journal` is the one database of an estate; `ShardLog` is a worker's side of it and needs no
database.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dcctl.journal.locks import Lock
    from dcctl.journal.shardlog import ShardLog
    from dcctl.journal.store import Journal

__all__ = ["Journal", "Lock", "ShardLog"]

# Loaded when asked for: a worker needs no SQLAlchemy, and the command line's help needs nothing
# of this.
_MODULES = {
    "Journal": "dcctl.journal.store",
    "Lock": "dcctl.journal.locks",
    "ShardLog": "dcctl.journal.shardlog",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(_MODULES[name]), name)
    raise AttributeError(name)
