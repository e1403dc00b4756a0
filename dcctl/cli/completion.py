"""What the shell offers at Tab: names out of the cached estate and the journal; never an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from dcctl.model.estate import Estate

_MOST = 50  # runs and plans offered, the newest first
_PART = re.compile(r"(.*[,:][&!]?|[&!]?)(.*)")  # of an Ansible pattern: what is written, and begun

Completer = Callable[[typer.Context, str], list[str]]


def _quiet(names: Callable[[typer.Context], Iterable[str]]) -> Completer:
    """Those of `names` that go on with what was typed; nothing at all where they can't be had."""

    def complete(ctx: typer.Context, incomplete: str) -> list[str]:
        try:
            return [name for name in names(ctx) if name.startswith(incomplete)]
        except Exception:  # noqa: BLE001 - whoever types has no use for it now
            return []

    return complete


def _root(context: typer.Context) -> Path:
    from dcctl.workflows.services import find_site

    site = context.params.get("site")
    return find_site(Path(site) if site else None)


def _estate(context: typer.Context) -> Estate:
    from dcctl import estate

    return estate.load(_root(context), lab=bool(context.params.get("lab")))


@_quiet
def targets(context: typer.Context) -> Iterable[str]:
    """Every host."""
    return _estate(context).names


@_quiet
def images(context: typer.Context) -> Iterable[str]:
    """Every image of images.yml."""
    return (image.name for image in _estate(context).images)


def limits(ctx: typer.Context, incomplete: str) -> list[str]:
    """Every host and group, for the last part of a pattern."""
    match = _PART.fullmatch(incomplete)
    before, begun = match.groups() if match else ("", incomplete)
    return [before + name for name in _hosts_and_groups(ctx, begun)]


def groups(ctx: typer.Context, incomplete: str) -> list[str]:
    """As `limits`, and the groups and rings of topology.yml by name."""
    return [*limits(ctx, incomplete), *_topology(ctx, incomplete)]


@_quiet
def _topology(context: typer.Context) -> Iterable[str]:
    estate = _estate(context)
    return sorted({one.name for kind in (estate.rings, estate.redundancy) for one in kind})


@_quiet
def _hosts_and_groups(context: typer.Context) -> Iterable[str]:
    estate = _estate(context)
    return (*estate.names, *sorted(estate.groups))


@_quiet
def runs(context: typer.Context) -> Iterable[str]:
    """The newest runs, and `latest`."""
    from dcctl.journal import newest

    config = _estate(context).site_config
    return ("latest", *newest.runs(config.journal_url, _root(context), _MOST))


@_quiet
def plans(context: typer.Context) -> Iterable[str]:
    """The newest plans that a run can be made of."""
    from dcctl.journal import newest

    config = _estate(context).site_config
    return [hash_[:12] for hash_ in newest.plans(config.journal_url, _root(context), _MOST)]


@_quiet
def changing_plans(context: typer.Context) -> Iterable[str]:
    """The newest plans that change something."""
    from dcctl.journal import newest

    config = _estate(context).site_config
    found = newest.changing_plans(config.journal_url, _root(context), _MOST)
    return [hash_[:12] for hash_ in found]


@_quiet
def formats(_context: typer.Context) -> Iterable[str]:
    """The report formats."""
    from dcctl.reports import all_reports

    return all_reports()


@_quiet
def checks(_context: typer.Context) -> Iterable[str]:
    """The check ids."""
    from dcctl.checks import all_checks

    return all_checks()


@_quiet
def packs(_context: typer.Context) -> Iterable[str]:
    """The packs, and the check ids."""
    from dcctl.checks import all_checks

    found = all_checks()
    return (*sorted({check.pack for check in found.values()}), *found)
