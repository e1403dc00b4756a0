"""IOS XR commits: candidates, the commit database, trials that take themselves back, locks.

Cisco, "System Management Configuration Guide", two-stage configuration. A trial belongs to the
configuration session that committed it: leaving that session takes it back at once, and no other
session may commit or confirm while it lasts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

from dcctl.lab.elements.model import Element, Saved, Terminal, Timer
from dcctl.lab.elements.tree import EMPTY, Tree, drop, put, value
from dcctl.lab.systems.cisco_xr import config
from dcctl.lab.systems.cisco_xr.config import Path

KEPT = 100
FIRST_ID = 1000000001
_BASE, _TARGET, _TYPED = "base", "target", "typed"


def begun(element: Element) -> Tree:
    """What a configuration session starts with: what runs, twice, and nothing typed yet."""
    return MappingProxyType({_BASE: element.running, _TARGET: element.running, _TYPED: EMPTY})


def candidate(element: Element, terminal: Terminal) -> Tree:
    """The target configuration of this session, on top of what runs by now."""
    if terminal.private is None:
        return element.running
    base, target = terminal.private[_BASE], terminal.private[_TARGET]
    return target if base is element.running else rebased(base, target, element.running)


def typed(terminal: Terminal) -> Tree:
    """What was typed in this session by itself: all that `commit replace` leaves."""
    return terminal.private[_TYPED] if terminal.private else EMPTY


def edited(element: Element, terminal: Terminal, change: Callable[[Tree], Tree]) -> Terminal:
    """The session's target changed; it keeps what the session began from."""
    base = terminal.private[_BASE] if terminal.private else element.running
    target = change(candidate(element, terminal))
    if base is not element.running:
        # What others committed meanwhile is under the target from now on, and still asked about.
        terminal = replace(terminal, flags=terminal.flags | {"overtaken"})
    private = {_BASE: element.running, _TARGET: target, _TYPED: change(typed(terminal))}
    return replace(terminal, private=MappingProxyType(private))


def overtaken(element: Element, terminal: Terminal) -> bool:
    """Whether somebody else committed since this session began."""
    base = terminal.private[_BASE] if terminal.private else element.running
    return base is not element.running or "overtaken" in terminal.flags


def modified(element: Element, terminal: Terminal) -> bool:
    """Whether there is anything to commit."""
    return plain(candidate(element, terminal)) != plain(element.running)


def plain(tree: Tree) -> object:
    """A tree that compares by what it holds."""
    return {label: plain(below) for label, below in tree.items()}


def rebased(base: Tree, target: Tree, onto: Tree) -> Tree:
    """What turned `base` into `target`, done to `onto`."""
    result = onto
    for label in base:
        if label not in target:
            result = drop(result, (label,))
    for label, below in target.items():
        if label not in base:
            result = put(result, (label,), below)
        elif label in result and below is not base[label]:
            result = put(result, (label,), rebased(base[label], below, result[label]))
    return result


def commit_id(saved: Saved) -> str:
    """The number of a commit."""
    return saved.note.partition(" ")[0]


def label_of(saved: Saved) -> str:
    """The label of a commit, or its number."""
    number, _, label = saved.note.partition(" ")
    return label or number


def committed(
    element: Element,
    terminal: Terminal,
    tree: Tree,
    now: float,
    *,
    trial_s: float = 0.0,
    label: str = "",
    client: str = "CLI",
) -> Element:
    """`tree` made to run; with `trial_s` it goes back unless it is confirmed in time."""
    after = _recorded(element, tree, now, terminal.user, client=client, label=label)
    if not trial_s:
        return replace(after, startup=tree, timer=None)
    restore = element.timer.restore if element.timer else element.running
    timer = Timer(due=now + trial_s, restore=restore, user=terminal.user, session=terminal.number)
    # What a power loss brings back: the last configuration that was for good.
    return replace(after, timer=timer)


def _recorded(
    element: Element, tree: Tree, now: float, user: str, *, client: str, label: str = ""
) -> Element:
    newest = int(commit_id(element.history[0])) if element.history else FIRST_ID - 1
    # A commit is kept with what ran before it: that is what a rollback of it brings.
    saved = Saved(
        tree=element.running,
        time=now,
        user=user,
        how=client,
        note=f"{newest + 1} {label}".strip(),
    )
    return replace(
        element,
        running=tree,
        history=(saved, *element.history)[:KEPT],
        changed=now,
        changed_by=user,
        saved=now,
        saved_by=user,
    )


def confirmed(element: Element) -> Element:
    """The trial made permanent."""
    return replace(element, timer=None, startup=element.running)


def expire(element: Element, now: float) -> Element:
    """The trial ran out, or its session ended: what ran before comes back."""
    timer = element.timer
    if timer is None:
        return element
    after = _recorded(element, timer.restore, now, timer.user, client="Rollback")
    return replace(after, startup=timer.restore, timer=None)


def foreign_trial(element: Element, terminal: Terminal) -> bool:
    """Whether another session's trial lasts."""
    return element.timer is not None and element.timer.session != terminal.number


def own_trial(element: Element, terminal: Terminal) -> bool:
    """Whether this session's own trial lasts."""
    return element.timer is not None and element.timer.session == terminal.number


def unlocked(element: Element, terminal: Terminal) -> Element:
    """The session's lock given back."""
    return replace(element, lock=0) if element.lock == terminal.number else element


# --- what changed -------------------------------------------------------------------------------


def changes(old: Tree, new: Tree, mode: str = "config", depth: int = 0) -> list[str]:
    """From `old` to `new` as configuration lines, as `show configuration` writes them."""
    pad, rows = " " * depth, []
    named = {config.setting(mode, label) for label in new}
    gone = {label: old[label] for label in old if label not in new}
    for label in config.ordered({**gone, **new}, mode):
        inner = config.opens(mode, label)
        if label in gone:
            if config.setting(mode, label) not in named:
                rows.append(f"{pad}no {label.partition(chr(10))[0]}")
        elif label not in old:
            rows += config.lines({label: new[label]}, mode, depth)
        elif inner and plain(old[label]) != plain(new[label]):
            rows += [pad + label, *changes(old[label], new[label], inner, depth + 1), f"{pad}!"]
    return rows


def compared(old: Tree, new: Tree, mode: str = "config", depth: int = 0) -> list[str]:
    """The same with marks before the lines, as `show commit changes diff` writes it."""
    pad, rows = " " * depth, []
    before = {config.setting(mode, label) for label in old}
    after = {config.setting(mode, label) for label in new}
    gone = {label: old[label] for label in old if label not in new}
    for label in config.ordered({**gone, **new}, mode):
        inner = config.opens(mode, label)
        name = config.setting(mode, label)
        if label in gone:
            mark = "<- " if name in after else "-  "
            rows += [mark + row for row in config.lines({label: gone[label]}, mode, depth)]
        elif label not in old:
            mark = "+> " if name in before else "+  "
            rows += [mark + row for row in config.lines({label: new[label]}, mode, depth)]
        elif inner and plain(old[label]) != plain(new[label]):
            rows += [
                f"   {pad}{label}",
                *compared(old[label], new[label], inner, depth + 1),
                f"   {pad}!",
            ]
    return rows


# --- what a commit refuses ----------------------------------------------------------------------


def refused(old: Tree, new: Tree, *, readdressed: frozenset[str] = frozenset()) -> list[str]:
    """Why the system would not take `new`: the lines of `show configuration failed`."""
    return [
        *_moved_addresses(old, new, readdressed),
        *_neighbors(new),
        *_policies(new),
    ]


def _section(path: Path, line: str, why: str) -> list[str]:
    rows = [f"{' ' * depth}{label}" for depth, label in enumerate(path)]
    closing = [f"{' ' * depth}!" for depth in reversed(range(len(path)))]
    return [*rows, f"{' ' * len(path)}{line}", f"!!% {why}", *closing]


def _moved_addresses(old: Tree, new: Tree, readdressed: frozenset[str]) -> list[str]:
    rows: list[str] = []
    for label, below in new.items():
        was = old.get(label)
        if not label.startswith("interface ") or was is None or label in readdressed:
            continue
        moved = value(was, "vrf") != value(below, "vrf")
        if moved and any(line.startswith(("ipv4 address", "ipv6 address")) for line in was):
            line = next((one for one in below if one.startswith("vrf ")), "no vrf")
            rows += _section((label,), line, _RSI)
    return rows


_RSI = (
    "'RSI' detected the 'fatal' condition 'The interface's numbered and unnumbered IPv4/IPv6 "
    "addresses must be removed prior to changing or deleting the VRF'"
)


def _neighbors(new: Tree) -> list[str]:
    rows: list[str] = []
    for label, bgp in new.items():
        if not label.startswith("router bgp "):
            continue
        for neighbor, below in bgp.items():
            if not neighbor.startswith("neighbor ") or not below:
                continue
            group = value(below, "use neighbor-group")
            given = [below, bgp.get(f"neighbor-group {group}", EMPTY)]
            if not any(value(one, "remote-as") for one in given):
                line = next(iter(below))
                rows += _section((label, neighbor), line, _NO_REMOTE_AS)
    return rows


_NO_REMOTE_AS = (
    "'BGP' detected the 'warning' condition 'The remote-as must be configured before any other "
    "configuration of the neighbor'"
)


def _policies(new: Tree) -> list[str]:
    defined = {
        label.partition("\n")[0].split()[1].partition("(")[0]
        for label in new
        if label.startswith("route-policy ")
    }
    rows: list[str] = []
    for path, line in _uses(new, ()):
        name = line.split()[1].partition("(")[0]
        if name not in defined:
            why = f"Could not find entry in list: Policy [{name}] is not defined"
            rows += _section(path, line, why)
    return rows


def _uses(tree: Tree, above: Path) -> list[tuple[Path, str]]:
    found: list[tuple[Path, str]] = []
    for label, below in tree.items():
        if "\n" in label:
            continue
        if above and label.startswith("route-policy "):
            found.append((above, label))
        elif below:
            found += _uses(below, (*above, label))
    return found
