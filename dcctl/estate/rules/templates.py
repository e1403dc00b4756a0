"""What dcctl itself reads is plain text: no Jinja, which only Ansible would fill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl.estate.draft import Draft, Rule, complaint
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.estate.places import Key
    from dcctl.model.estate import Complaint

_SIGNS = ("{{", "{%")
_DIALLED = ("ansible_host", "ansible_port")


def _judge(draft: Draft) -> Iterator[Complaint]:
    for host, intent in draft.intents.items():
        if any(sign in str(intent) for sign in _SIGNS):
            for keys in _templated(intent, ()):
                yield complaint(
                    draft.place_of(host, keys),
                    N_("{key} holds a Jinja template, which dcctl does not fill"),
                    N_("write the value itself, or keep it outside `dcctl`"),
                    key=".".join(str(key) for key in keys),
                )
        for name in _DIALLED:
            value = draft.variable(host, name)
            if isinstance(value, str) and any(sign in value for sign in _SIGNS):
                yield complaint(
                    draft.place_of(host, variable=name),
                    N_("{key} holds a Jinja template, which dcctl does not fill"),
                    N_("write the value itself"),
                    key=name,
                )
        port = draft.variable(host, "ansible_port")
        if port is not None and not str(port).isdecimal():
            yield complaint(
                draft.place_of(host, variable="ansible_port"),
                N_("ansible_port must be a whole number"),
                N_("correct it"),
            )


def _templated(value: Any, keys: tuple[Key, ...]) -> Iterator[tuple[Key, ...]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _templated(item, (*keys, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _templated(item, (*keys, index))
    elif isinstance(value, str) and any(sign in value for sign in _SIGNS):
        yield keys


RULE = Rule(title=N_("What dcctl reads holds no templates"), judge=_judge, first=True)
