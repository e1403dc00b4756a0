"""What Junos answers about LDP and RSVP."""

from __future__ import annotations

from typing import Any

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.tree import EMPTY, Tree, sections, value
from dcctl.lab.systems.juniper_junos.intent import intent
from dcctl.lab.systems.juniper_junos.scene import cell, lasted

_NO_LDP = "LDP instance is not running\n"
_NO_RSVP = "RSVP not configured\n"


def _protocol(scene: Scene, name: str) -> Tree:
    found: Tree = scene.tree.get("protocols", EMPTY).get(name, EMPTY)
    return found


def _hold(scene: Scene, peer: str) -> int:
    return 20 + int(spread(f"{peer} {int(scene.around.now)}", 0, 9))


def ldp(scene: Scene) -> str:
    """`show ldp session`."""
    if not _protocol(scene, "ldp"):
        return _NO_LDP
    if not scene.around.ldp:
        return ""
    rows = ["  Address                           State       Connection  Hold time  Adv. Mode"]
    rows += [
        f"{one.peer:<36}{'Operational':<12}{'Open':<12}{_hold(scene, one.peer):>4}         DU"
        for one in scene.around.ldp
    ]
    return "\n".join([*rows, ""])


def ldp_data(scene: Scene) -> Any:
    """`show ldp session` as JSON data."""
    if not _protocol(scene, "ldp"):
        return _NO_LDP
    found = [
        {
            "ldp-neighbor-address": cell(one.peer),
            "ldp-session-state": cell("Operational"),
            "ldp-connection-state": cell("Open"),
            "ldp-remaining-time": cell(_hold(scene, one.peer)),
            "ldp-session-adv-mode": cell("DU"),
        }
        for one in scene.around.ldp
    ]
    return {"ldp-session-information": [{"ldp-session": found} if found else {}]}


def ldp_neighbors(scene: Scene) -> str:
    """`show ldp neighbor`."""
    if not _protocol(scene, "ldp"):
        return _NO_LDP
    rows = ["Address                             Interface       Label space ID     Hold time"]
    rows += [
        f"{address:<35} {port + '.0':<15} {one.peer + ':0':<18} {13:>6}"
        for one in scene.around.ldp
        for port, address in zip(one.ports, one.addresses, strict=True)
    ]
    return "\n".join([*rows, ""]) if scene.around.ldp else ""


def _neighbors(scene: Scene) -> list[tuple[str, float]]:
    """(address, since when) where both RSVP and an IGP's neighbour are."""
    rsvp = _protocol(scene, "rsvp")
    heard = {one.port: (one.address, one.since) for one in scene.around.adjacencies}
    heard |= {one.port: (one.address, one.since) for one in scene.around.ospf}
    return [
        found
        for port, found in heard.items()
        if "disable"
        not in rsvp.get(f"interface {port}.0", rsvp.get("interface all", {"disable": 1}))
    ]


def _sessions(scene: Scene) -> list[tuple[str, str, str, str]]:
    """(to, from, state, name); a path is taken for one where RSVP has a neighbour."""
    own = intent(scene.element.chassis, scene.tree).router_id
    ways = bool(_neighbors(scene))
    return [
        (
            value(below, "to", "0.0.0.0"),  # noqa: S104 - what Junos shows without an end
            value(below, "from", own if ways else "0.0.0.0"),  # noqa: S104
            "Up" if ways else "Dn",
            name,
        )
        for name, below in sections(_protocol(scene, "mpls"), "label-switched-path")
        if "disable" not in below
    ]


def rsvp_sessions(scene: Scene) -> str:
    """`show rsvp session`."""
    if not _protocol(scene, "rsvp"):
        return _NO_RSVP
    found = _sessions(scene)
    up = sum(one[2] == "Up" for one in found)
    rows = [f"Ingress RSVP: {len(found)} sessions"]
    if found:
        rows.append("To              From            State   Rt Style Labelin Labelout LSPname")
        rows += [
            f"{to:<15} {source:<15} {state:<6} {int(state == 'Up'):>3} {'1 FF' if state == 'Up' else '0 -':>5}"
            f"{'-':>8} {'3' if state == 'Up' else '-':>8} {name}"
            for to, source, state, name in found
        ]
    rows += [f"Total {len(found)} displayed, Up {up}, Down {len(found) - up}", ""]
    for kind in ("Egress", "Transit"):
        rows += [f"{kind} RSVP: 0 sessions", "Total 0 displayed, Up 0, Down 0", ""]
    return "\n".join(rows)


def rsvp_sessions_data(scene: Scene) -> Any:
    """`show rsvp session` as JSON data."""
    if not _protocol(scene, "rsvp"):
        return _NO_RSVP
    found = _sessions(scene)
    up = sum(one[2] == "Up" for one in found)
    blocks: list[dict[str, Any]] = []
    for kind in ("Ingress", "Egress", "Transit"):
        mine = found if kind == "Ingress" else []
        block: dict[str, Any] = {"session-type": cell(kind), "count": cell(len(mine))}
        if mine:
            block["rsvp-session"] = [
                {
                    "destination-address": cell(to),
                    "source-address": cell(source),
                    "lsp-state": cell(state),
                    "route-count": cell(int(state == "Up")),
                    "rsb-count": cell(int(state == "Up")),
                    "resv-style": cell("FF" if state == "Up" else "-"),
                    "label-in": cell("-"),
                    "label-out": cell("3" if state == "Up" else "-"),
                    "name": cell(name),
                }
                for to, source, state, name in mine
            ]
        block |= {
            "display-count": cell(len(mine)),
            "up-count": cell(up if mine else 0),
            "down-count": cell(len(mine) - up if mine else 0),
        }
        blocks.append(block)
    return {"rsvp-session-information": [{"rsvp-session-data": blocks}]}


def rsvp_neighbors(scene: Scene) -> str:
    """`show rsvp neighbor`."""
    if not _protocol(scene, "rsvp"):
        return _NO_RSVP
    found = _neighbors(scene)
    rows = [f"RSVP neighbor: {len(found)} learned"]
    if found:
        rows.append("Address            Idle Up/Dn LastChange HelloInt HelloTx/Rx MsgRcvd")
    for address, since in found:
        age = scene.around.now - since
        sent = int(age / 9)
        rows.append(
            f"{address:<18} {'0':>4} {'1/0':<5} {lasted(age):>10} {'9':>8} {f'{sent}/{sent}':<10} "
            f"{int(age / 30):>7}"
        )
    return "\n".join([*rows, ""])


def rsvp_neighbors_data(scene: Scene) -> Any:
    """`show rsvp neighbor` as JSON data."""
    if not _protocol(scene, "rsvp"):
        return _NO_RSVP
    found = []
    for address, since in _neighbors(scene):
        age = scene.around.now - since
        found.append(
            {
                "rsvp-neighbor-address": cell(address),
                "neighbor-idle": cell(0),
                "neighbor-up-count": cell(1),
                "neighbor-down-count": cell(0),
                "last-changed-time": cell(lasted(age)),
                "hello-interval": cell(9),
                "hellos-sent": cell(int(age / 9)),
                "hellos-received": cell(int(age / 9)),
                "messages-received": cell(int(age / 30)),
            }
        )
    body: dict[str, Any] = {"rsvp-neighbor-count": cell(len(found))}
    if found:
        body["rsvp-neighbor"] = found
    return {"rsvp-neighbor-information": [body]}
