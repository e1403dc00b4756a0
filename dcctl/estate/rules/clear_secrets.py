"""No variable holds a password or a key in clear: plans and journals keep every variable."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dcctl.errors import Place
from dcctl.estate.draft import Draft, Rule, complaint
from dcctl.estate.schema.site import SOURCES
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.estate.inventory import Layer
    from dcctl.estate.places import Key
    from dcctl.model.estate import Complaint

_LOGIN = re.compile(r"ansible_(\w+_)?pass(word)?", re.IGNORECASE)
_SECRET = re.compile(
    r".*(password|passwd|passphrase|secret|token|community|api_key|private_key)"
    r"|ansible_(\w+_)?pass",
    re.IGNORECASE,
)
# Salt and hash both: the `$9$` of Junos has no salt, and anybody can turn it back.
_HASH = re.compile(r"\$(1|2[abxy]?|5|6|y|gy|8|9|argon2[a-z]*)\$[^$]+\$.+", re.DOTALL)
_REFERENCE = re.compile(rf"({'|'.join(SOURCES)}):.+")
_NO_SECRETS = re.compile(r"\s*|[!*x]+|\d+(:\d+){1,2}")  # empty, locked, a BGP community
_JINJA = ("{{", "{%")


def _judge(draft: Draft) -> Iterator[Complaint]:
    for layer in _layers(draft):
        for keys in _clear(layer.variables, ()):
            login = _LOGIN.fullmatch(str(keys[-1]))
            yield complaint(
                _place(draft, layer, keys),
                N_("{key} holds a secret in clear"),
                N_("leave it to a credential in dcctl.yml, which only refers to the secret")
                if login
                else N_(
                    "in a variable whose name ends in _secret give env:NAME, file:PATH, "
                    "vault:PATH#KEY or prompt:LABEL"
                ),
                key=".".join(map(str, keys)),
            )


def _layers(draft: Draft) -> Iterator[Layer]:
    for group in draft.inventory.groups.values():
        yield from (group.inline, group.files)
    for host in draft.inventory.hosts.values():
        yield from (host.inline, host.files)


def _clear(value: Any, keys: tuple[Key, ...]) -> Iterator[tuple[Key, ...]]:
    """The keys of every value in clear below `value`."""
    if isinstance(value, dict):
        for key, item in value.items():
            if _SECRET.fullmatch(str(key)) and _in_clear(item):
                yield (*keys, key)
            elif isinstance(item, dict | list):
                yield from _clear(item, (*keys, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict | list):
                yield from _clear(item, (*keys, index))


def _in_clear(value: Any) -> bool:
    if isinstance(value, dict) and "__ansible_unsafe" in value:
        value = value["__ansible_unsafe"]
    elif isinstance(value, str) and any(sign in value for sign in _JINJA):
        return False
    if not isinstance(value, str) or value.startswith("$ANSIBLE_VAULT;"):
        return False
    return not any(known.fullmatch(value) for known in (_HASH, _REFERENCE, _NO_SECRETS))


def _place(draft: Draft, layer: Layer, keys: tuple[Key, ...]) -> Place:
    sources = list(reversed(layer.sources))
    found = draft.desk.places.first(sources, keys)
    if found is None and sources:
        found = draft.desk.places.at(*sources[0])
    return found or Place("inventory/hosts")


RULE = Rule(title=N_("No secret stands in clear"), judge=_judge)
