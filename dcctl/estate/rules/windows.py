"""Windows and freezes name real hosts and sites, and last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.errors import InvalidInput
from dcctl.estate.draft import WINDOWS, Draft, Rule, complaint
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.estate.places import Key
    from dcctl.estate.schema.windows import FreezeEntry, WindowEntry
    from dcctl.model.estate import Complaint


def _judge(draft: Draft) -> Iterator[Complaint]:
    names: set[str] = set()
    for index, window in enumerate(draft.windows.windows):
        here = ("windows", index)
        if window.name in names:
            yield complaint(
                draft.at(WINDOWS, *here, "name"),
                N_("the window {name} is here a second time"),
                N_("give it another name"),
                name=window.name,
            )
        names.add(window.name)
        if window.opens in (window.closes, "24:00"):
            yield complaint(
                draft.at(WINDOWS, *here, "closes"),
                N_("the window {name} opens at {opens} and closes at {closes}"),
                N_('a whole day is "00:00" to "24:00"'),
                name=window.name,
                opens=window.opens,
                closes=window.closes,
            )
        if window.since and window.until and window.since > window.until:
            yield _backwards(draft, (*here, "until"), window.since, window.until)
        yield from _scope(draft, here, window)
    for index, freeze in enumerate(draft.windows.freezes):
        if freeze.first > freeze.last:
            yield _backwards(draft, ("freezes", index, "last"), freeze.first, freeze.last)
        yield from _scope(draft, ("freezes", index), freeze)
    for site in draft.windows.concurrency:
        yield from _site(draft, ("concurrency", site), site)


def _scope(
    draft: Draft, here: tuple[Key, ...], entry: WindowEntry | FreezeEntry
) -> Iterator[Complaint]:
    for position, site in enumerate(entry.sites or ()):
        yield from _site(draft, (*here, "sites", position), site)
    if entry.hosts is not None:
        try:
            draft.select(entry.hosts)
        except InvalidInput as error:
            hint = error.hint.msgid
            place = draft.at(WINDOWS, *here, "hosts")
            yield complaint(place, error.text.msgid, hint, **error.text.params)


def _site(draft: Draft, keys: tuple[Key, ...], site: str) -> Iterator[Complaint]:
    if site not in draft.topology.sites:
        yield complaint(
            draft.at(WINDOWS, *keys),
            N_("there is no site {site}"),
            N_("correct it, or add the site to inventory/topology.yml"),
            site=site,
        )


def _backwards(draft: Draft, keys: tuple[Key, ...], first: str, last: str) -> Complaint:
    return complaint(
        draft.at(WINDOWS, *keys),
        N_("{last} is before {first}"),
        N_("put the dates in order"),
        first=first,
        last=last,
    )


RULE = Rule(title=N_("Windows and freezes name what exists, and last"), judge=_judge)
