"""What an NX-OS configuration does to keep traffic away from the switch, and its maintenance mode.

Source: Nexus 9000 System Management Configuration Guide, "Configuring Graceful Insertion and
Removal". Maintenance mode isolates every routing protocol: `isolate` in each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.tree import EMPTY, Tree, drop, get, put, sections, value

MODE = "system mode maintenance"
_GSHUT = re.compile(r"set community (?:.* )?(?:graceful-shutdown|65535:0)(?: .*)?")
_LAST = re.compile(r"set local-preference 0")
_SURE = "Do you want to continue (yes/no)? [no] "


def steady(section: Iterable[str], words: str) -> bool:
    """Whether a line asks for it always, not only for a while after a start."""
    return any(label.startswith(words) and "on-startup" not in label.split() for label in section)


def graceful(tree: Tree, bgp: Tree) -> bool:
    """Whether every neighbour is told to go round it."""
    if "isolate" in bgp or steady(bgp, "graceful-shutdown activate"):
        return True
    peers = [
        {**_template(bgp, below), **below}
        for address, below in sections(bgp, "neighbor")
        if "/" not in address
    ]
    return bool(peers) and all(_told(tree, peer) for peer in peers)


def _template(bgp: Tree, peer: Tree) -> Tree:
    return get(bgp, (f"template peer {value(peer, 'inherit peer')}",)) or EMPTY


def _told(tree: Tree, peer: Tree) -> bool:
    if steady(peer, "graceful-shutdown activate"):
        return True
    families = [below for label, below in peer.items() if label.startswith("address-family")]
    own = f"router bgp {value(peer, 'remote-as')}" in tree
    lines = [line.split() for below in families for line in below]
    maps = [one[1] for one in lines if one[0] == "route-map" and one[-1] == "out"]
    sends = any(one[0] == "send-community" for one in lines)  # only where that is said
    return any(
        (sends and _sets(tree, name, _GSHUT)) or (own and _sets(tree, name, _LAST)) for name in maps
    )


def _sets(tree: Tree, name: str, wanted: re.Pattern[str]) -> bool:
    entries = [below for label, below in tree.items() if label.split()[:2] == ["route-map", name]]
    return any(wanted.fullmatch(label) for below in entries for label in below)


# --- the mode -------------------------------------------------------------------------------------


def asked(text: str) -> bool:
    """Whether a line of configuration mode goes into maintenance mode, or out of it."""
    words = text.removeprefix("no ").removesuffix(" dont-generate-profile")
    return words == MODE


def begin(element: Element, terminal: Terminal, text: str, around: Surroundings) -> Reply:
    """`[no] system mode maintenance`: it shows what it will do, and asks."""
    enters = not text.startswith("no ")
    if enters == (MODE in element.running):
        return Reply(text="", element=element, terminal=terminal)
    if "dont-ask" in terminal.flags:
        return sure(element, terminal, "yes", "in" if enters else "out", around)
    said = "".join(f"{label}\n  {_word(enters)}\n" for label in _protocols(element.running))
    asking = replace(terminal, pending=f"maintenance {'in' if enters else 'out'}", question=_SURE)
    text = f"Following configuration will be applied:\n\n{said}\n"
    return Reply(text=text, element=element, terminal=asking)


def sure(
    element: Element, terminal: Terminal, line: str, detail: str, around: Surroundings
) -> Reply:
    """The answer to whether it may go on."""
    if line.strip().lower() not in ("y", "yes"):
        return Reply(text="", element=element, terminal=terminal)
    enters, tree = detail == "in", element.running
    rows = [] if not enters else ["Generating a snapshot before going into maintenance mode", ""]
    rows.append("Starting to apply commands...")
    for label in _protocols(tree):
        rows += ["", f"Applying : {label}", f"Applying :   {_word(enters)}"]
        tree = put(tree, (label, "isolate")) if enters else drop(tree, (label, "isolate"))
    tree = put(tree, (MODE,)) if enters else drop(tree, (MODE,))
    fresh = replace(element, running=tree, changed=around.now, changed_by=terminal.user)
    text = "\n".join([*rows, "", "Maintenance mode operation successful.", ""])
    return Reply(text=text, element=fresh, terminal=terminal, notes=(Note(kind="change"),))


def _word(enters: bool) -> str:  # noqa: FBT001 - into the mode, or out of it
    return "isolate" if enters else "no isolate"


def _protocols(tree: Tree) -> list[str]:
    return [
        label for label in tree if label.startswith(("router bgp ", "router ospf ", "router isis "))
    ]
