"""Changing an SR OS router in the MD-CLI: an exclusive candidate and `commit confirmed`.

Source: Nokia, "MD-CLI User Guide", "Editing configuration". What is unconfirmed goes back when its
time is over, when it is cancelled, and when the session that committed it ends: so that session is
kept (`held`), and it alone accepts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dcctl.contracts import Change, Remediation
from dcctl.errors import Unparsed
from dcctl.platforms.nokia_sros import _tree
from dcctl.platforms.nokia_sros._tree import Path, Statement, TornError, Tree
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Session

RUNNING = "admin show configuration"
END = r"# Finished .*"
ENTER = "edit-config exclusive"
LEAVE = "quit-config"
_LONGEST = 168  # minutes, SR OS's own limit

# How many statements name the section that a line belongs to; 2 where nothing is said. The
# intended text is authoritative for a section as soon as it mentions it.
_DEPTHS: dict[Path, int] = {
    ("port",): 1,
    ("lag",): 1,
    ("card",): 1,
    ("system", "security"): 3,
    ("system", "security", "user-params"): 5,
    ("system", "management-interface"): 3,
}
# Leaves whose loss takes nothing down: their default is as good, or they only describe.
_HARMLESS = ("description", "interface-description")


@dataclass(frozen=True, slots=True)
class _Piece:
    """One difference: `gone` or new, and the full context that it stands in."""

    gone: bool
    path: Path
    statement: Statement
    replaced: bool = False  # another value comes in its place

    @property
    def shown(self) -> Iterator[str]:
        mark = "-" if self.gone else "+"
        return (f"{mark} {line}" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        one = Tree({"": self.statement})
        return _tree.lines(one, self.path)

    @property
    def commands(self) -> Iterator[str]:
        if not self.gone:
            yield from self._lines()
        elif not self.replaced or self.statement.listed:
            context = " ".join((*self.path, self.statement.name))
            yield f"delete /configure {context}"

    @property
    def destructive(self) -> bool:
        if not self.gone:
            return self.statement.words == ("admin-state", "disable")
        return not self.replaced and self.statement.name not in _HARMLESS


def remediate(running: str, intended: str) -> Remediation:
    """From `running` to `intended`, in the sections that `intended` mentions; pure."""
    return _remedy(running, intended, whole=False)


def replace(running: str, backup: str) -> Remediation:
    """As `remediate`, but what the backup doesn't mention goes too; pure."""
    return _remedy(running, backup, whole=True)


def _remedy(running: str, intended: str, *, whole: bool) -> Remediation:
    have, _ = _tree.parse(running)
    want, odd = _tree.parse(intended)
    pieces = tuple(_difference(have, want, (), whole=whole))
    ordered = sorted(pieces, key=lambda piece: not piece.gone)
    return Remediation(
        lines=tuple(line for piece in ordered for line in piece.commands),
        diff=tuple(line for piece in ordered for line in piece.shown),
        destructive=tuple(
            line for piece in ordered if piece.destructive for line in piece.commands
        ),
        not_understood=odd,
    )


def _difference(have: Tree, want: Tree, path: Path, *, whole: bool) -> Iterator[_Piece]:
    """Every piece that differs; outside of a mentioned section nothing goes."""
    inside = whole or _inside(path)
    new = {one.name for one in want.statements.values() if one.below is None}
    for key, statement in have.statements.items():
        wanted = want.statements.get(key)
        if wanted is not None:
            if statement.below is not None and wanted.below is not None:
                below = (*path, wanted.text)
                yield from _difference(statement.below, wanted.below, below, whole=whole)
            continue
        replaced = statement.below is None and statement.name in new
        if inside or replaced:
            yield _Piece(gone=True, path=path, statement=statement, replaced=replaced)
    for key, statement in want.statements.items():
        if key not in have.statements:
            yield _Piece(gone=False, path=path, statement=statement)


def _inside(path: Path) -> bool:
    """Whether `path` lies in a section that is all the intended text's."""
    plain = tuple(_tree.unquoted(part) for part in path)
    fits = [
        start
        for start in _DEPTHS
        if tuple(part.split(" ")[0] for part in plain[: len(start)]) == start
    ]
    depth = _DEPTHS[max(fits, key=len)] if fits else 2
    return len(path) >= depth


def _running(session: Session) -> str:
    text = session.send(RUNNING)
    try:
        tree, odd = _tree.parse(text)
    except TornError as error:
        raise _not_whole(str(error)) from error
    if not re.search(rf"(?m)^{END}$", text):
        raise _not_whole("it does not end")
    if odd or not _tree.value(_tree.at(tree, "system"), "name"):
        raise _not_whole(odd[0][:80] if odd else "not a whole configuration")
    return _tree.text_of_tree(tree)


def _not_whole(why: str) -> Unparsed:
    return Unparsed(N_("{command}: not understood: {error}"), command=RUNNING, error=why)


def _apply(session: Session, wanted: Remediation, seconds: int) -> None:
    minutes = min(max(1, math.ceil(seconds / 60)), _LONGEST)
    lines = (*wanted.lines, "exit all", "validate", f"commit confirmed {minutes}")
    session.configure(lines, enter=ENTER, stay=True)


def _confirm(session: Session) -> None:
    session.send("commit confirmed accept")
    session.send(LEAVE)


def _revert(session: Session) -> None:
    """Cancel; what comes back into the candidate is discarded with it."""
    # As a change of mode: with the old configuration the old prompt is back.
    session.configure((), enter="commit confirmed cancel", stay=True)
    session.send("discard")
    session.send(LEAVE)


def _save(session: Session) -> None:
    session.send("admin save")


CHANGE = Change(
    running=_running,
    remediate=remediate,
    replace=replace,
    apply=_apply,
    confirm=_confirm,
    revert=_revert,
    save=_save,
    held=True,
    native=(
        r"/configure card \S+ (?:card-type|mda \S+ mda-type) .*",
        r'/configure log log-id "(?:99|100)" .*',
        r"/configure system management-interface configuration-mode model-driven",
        r"/configure system security ssh (?:server-admin-state enable|preserve-key true)",
    ),
)
