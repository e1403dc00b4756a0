"""Neighbours and routes of NX-OS."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from dcctl.facts.bfd import BfdSession, BfdSessions
from dcctl.facts.bgp import BgpPeer, BgpPeers
from dcctl.facts.isis import IsisAdjacencies, IsisAdjacency
from dcctl.facts.ldp import LdpSession, LdpSessions
from dcctl.facts.ospf import OspfNeighbor, OspfNeighbors
from dcctl.facts.routes import RouteCount, RouteCounts
from dcctl.platforms._parsing import Record, expect, ntc, paragraphs, seconds, text_of
from dcctl.platforms.cisco_nxos._names import long_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_LEVELS = {"1": 1, "2": 2, "1-2": 12}
# What NX-OS says where the feature is off: the command is not there at all, or names the process.
_OFF = re.compile(
    r"^\s*(?:% ?Invalid (?:command|input)|.*process(?:\(es\))? (?:is )?not (?:running|configured)"
    r"|% ?BFD not enabled|Note: +process currently not running)",
    re.MULTILINE | re.IGNORECASE,
)


def off(output: Output) -> bool:
    """Whether the answer says that the switch doesn't run this at all."""
    unknown = output.failed and "% Invalid" in output.text
    return unknown or bool(_OFF.search(output.text[:400]))


_ADJACENCY = re.compile(
    r"^(?P<system>\S+)\s+(?:N/A|[0-9a-f.]{14})\s+(?P<level>1-2|1|2)\s+(?P<state>\w+)\s+"
    r"[\d:]+\s+(?P<port>[A-Za-z]\S+)\s*$"
)
_ISIS_HEADS = re.compile(r"IS-IS (?:process|adjacency)|Legend:|System ID\s+SNPA\s+Level")


def isis(outputs: Sequence[Output]) -> IsisAdjacencies | None:
    """Every adjacency of every process."""
    output = outputs[0]
    if off(output):
        return None
    text = text_of(output)
    expect("IS-IS adjacency database" in text or not text.strip(), output, "no adjacency database")
    items = []
    for line in text.splitlines():
        found = _ADJACENCY.match(line)
        if not found:
            expect(not line.strip() or _ISIS_HEADS.match(line.strip()), output, line[:60])
            continue
        items.append(
            IsisAdjacency(
                interface=long_name(found["port"]),
                neighbor=found["system"],
                state=found["state"].lower(),
                level=_LEVELS[found["level"]],
            )
        )
    return IsisAdjacencies(items=tuple(items)) if items else None


def ospf(outputs: Sequence[Output]) -> OspfNeighbors | None:
    """Every neighbour of every process."""
    output = outputs[0]
    if off(output) or not text_of(output).strip():
        return None
    stated = re.findall(r"Total number of neighbors:\s*(\d+)", output.text)
    expect(stated, output, "no number of neighbours")
    records = [r for r in ntc("cisco_nxos_show_ip_ospf_neighbor", output) if r["neighbor_id"]]
    expect(sum(map(int, stated)) == len(records), output, "not every neighbour was understood")
    items = [
        OspfNeighbor(
            interface=long_name(record["interface"]),
            neighbor=record["neighbor_id"],
            state=record["state"].partition("/")[0].lower().replace("twoway", "2way"),
            address=record["ip_address"],
        )
        for record in records
    ]
    return OspfNeighbors(items=tuple(items)) if items else None


def bgp(outputs: Sequence[Output]) -> BgpPeers | None:
    """Every IPv4 unicast peer of every VRF."""
    output = outputs[0]
    if off(output) or not text_of(output).strip():
        return None
    tables = re.split(r"^(?=BGP summary information)", output.text, flags=re.MULTILINE)
    summary = re.compile(r"BGP summary information .*address family IPv4 Unicast")
    text = "".join(one for one in tables if summary.match(one))
    expect(text, output, "no summary of IPv4 unicast")
    records = ntc("cisco_nxos_show_ip_bgp_summary_vrf", replace(output, text=text))
    rows = _rows(output, text)
    peers = [record for record in records if record["bgp_neigh"]]
    expect(len(peers) == len(rows), output, "not every peer was understood")
    default = re.search(
        r"VRF default, address family IPv4 Unicast\s*\n"
        r"BGP router identifier (\S+), local AS number (\d+(?:\.\d+)?)",
        text,
    )
    return BgpPeers(
        items=tuple(_peer(record) for record in peers),
        local_as=_as_number(default.group(2)) if default else None,
        router_id=default.group(1) if default else "",
    )


def _as_number(text: str) -> int:
    """`65000` or `1.10`."""
    high, _, low = text.rpartition(".")
    return int(high or 0) * 65536 + int(low)


def _rows(output: Output, text: str) -> list[str]:
    """The lines that begin a peer; after the heading there is nothing but them and their ends."""
    rows, table = [], False
    for line in text.splitlines():
        if line.startswith("BGP summary information"):
            table = False
        elif re.match(r"Neighbor\s+V\s+AS\s", line):
            table = True
        elif table and re.match(r"[0-9a-f.:]*[.:][0-9a-f.:]+\s+4\s+\d+", line):
            rows.append(line)
        elif table and line.strip():
            expect(re.match(r"\s+\d+\s+\d+\s", line), output, line[:60])
    return rows


_STATES = {"shut": "idle"}  # shut by its administrator


def _peer(record: Record) -> BgpPeer:
    state = record["state_pfxrcd"].strip()
    established, word = state.isdigit(), state.split()[0].lower()
    return BgpPeer(
        neighbor=record["bgp_neigh"],
        remote_as=_as_number(record["neigh_as"]),
        state="established" if established else _STATES.get(word, word),
        prefixes_received=int(state) if established else None,
        uptime_s=seconds(record["up_down"]) if established else None,
        vrf=record["vrf"] or "default",
    )


# Older releases have no column of the VRF, or none of the type.
_BFD_HEAD = re.compile(
    r"OurAddr\s+NeighAddr\s+LD/RD\s+RH/RS\s+Holdown\(mult\)\s+State\s+Int(?:\s+Vrf)?(?:\s+Type)?"
)
_SESSION = re.compile(
    r"(?:[\d.]+|[0-9a-f:]+)\s+(?P<peer>[\d.]+|[0-9a-f:]+)\s+\d+/\d+\s+\S+\s+\S+\(\d+\)\s+"
    r"(?P<state>Up|Down|Init|AdminDown)\s+(?P<port>[A-Za-z]\S+)(?:\s+\S+){0,2}"
)


def bfd(outputs: Sequence[Output]) -> BfdSessions | None:
    """Every session."""
    output = outputs[0]
    if off(output) or not text_of(output).strip():
        return None
    head, *rows = [line.strip() for line in output.text.splitlines() if line.strip()]
    expect(_BFD_HEAD.fullmatch(head), output, "no list of sessions")
    items = []
    for row in rows:
        found = _SESSION.fullmatch(row)
        expect(found or _BFD_HEAD.fullmatch(row), output, row[:60])
        if found:
            state = found["state"].lower()
            items.append(
                BfdSession(
                    neighbor=found["peer"],
                    state={"admindown": "admin_down"}.get(state, state),
                    interface=long_name(found["port"]),
                )
            )
    return BfdSessions(items=tuple(items)) if items else None


_PEER = re.compile(r"^\s*Peer LDP Ident: (?P<peer>[\d.]+):\d+", re.MULTILINE)
_STATE = re.compile(r"\bState: (?P<state>\w+)")
_UP = re.compile(r"\bUp time: (?P<age>[\w:.]+)")
_SOURCE = re.compile(r"LDP discovery sources:\s*\n\s*(?P<port>[A-Za-z][\w/-]+)")


def ldp(outputs: Sequence[Output]) -> LdpSessions | None:
    """Every session: a paragraph each."""
    output = outputs[0]
    if off(output) or not text_of(output).strip():
        return None
    blocks = paragraphs(output.text, _PEER)
    expect(blocks, output, "no LDP peer in it")
    items = []
    for block in blocks:
        peer, state = _PEER.search(block), _STATE.search(block)
        expect(peer and state, output, "a peer without a state")
        age, source = _UP.search(block), _SOURCE.search(block)
        down = state and state["state"].lower() != "oper"
        expect(source and (age or down), output, "a peer that is cut short")
        if peer and state:
            word = state["state"].lower()
            items.append(
                LdpSession(
                    neighbor=peer["peer"],
                    state="operational" if word == "oper" else word,
                    interface=long_name(source["port"]) if source else "",
                    uptime_s=seconds(age["age"]) if age else None,
                )
            )
    return LdpSessions(items=tuple(items))


_TABLE = re.compile(r'^IP Route Table for VRF "(?P<vrf>[^"]+)"\s*$', re.MULTILINE)
_TOTAL = re.compile(r"^Total number of routes:\s*(\d+)", re.MULTILINE)
_COUNT = re.compile(r"^\s+([a-z][\w-]*)\s+:\s+(\d+)", re.MULTILINE)
_SAME = {"direct": "connected", "am": "arp", "hmm": "host"}


def routes(outputs: Sequence[Output]) -> RouteCounts | None:
    """Best paths by protocol of every VRF; `total` is that of the default one."""
    output = outputs[0]
    text = text_of(output)
    starts = list(_TABLE.finditer(text))
    expect(starts, output, "no route table in it")
    items, total = [], None
    for number, start in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        block = text[start.end() : end]
        stated = _TOTAL.search(block)
        expect(stated, output, f"VRF {start['vrf']} has no total")
        if stated and start["vrf"] == "default":
            total = int(stated.group(1))
        for name, count in _COUNT.findall(block):
            protocol = name.partition("-")[0]
            items.append(
                RouteCount(
                    protocol=_SAME.get(protocol, protocol), count=int(count), vrf=start["vrf"]
                )
            )
    return RouteCounts(items=tuple(items), total=total)
