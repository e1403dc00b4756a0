"""The environment that templates are rendered in: they may look, and never touch."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from dcctl.model.target import Connection, Interface, Target

_METHODS = frozenset(dir(dict))
_FIELDS = {
    kind: frozenset(field.name for field in fields(kind))
    for kind in (Target, Interface, Connection)
} | {LoopContext: frozenset({"index", "index0", "first", "last", "length"})}


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, which need not ask twice about plain data: that is most of what it does."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A value of `obj`; what is neither key nor field is left to the sandbox's own rules."""
        kind = type(obj)
        if kind is dict:
            if attribute in obj and attribute not in _METHODS:
                return obj[attribute]
        elif attribute in _FIELDS.get(kind, ()):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)
