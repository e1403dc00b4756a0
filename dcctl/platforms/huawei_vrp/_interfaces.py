"""`display interface`: states, addresses and error counters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.interfaces import Interface, Interfaces
from dcctl.platforms._parsing import expect, number, text_of
from dcctl.platforms.huawei_vrp._names import long_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_HEAD = re.compile(r"^(\S+) current state : (.+)$", re.MULTILINE)
_PROTOCOL = re.compile(r"^Line protocol current state : (\w+)", re.MULTILINE)
# Every line begins like one of these; anything else is no answer to `display interface`.
_KNOWN = re.compile(
    r"^\s*$|^\S+ current state : |^Line protocol|^Last |^Link quality|^Description|^Route Port"
    r"|^Switch Port|^Internet |^IP Sending|^The |^Port |^Optical |^Connector |^Transceiver "
    r"|^WaveLength|^[RT]x\d* "
    r"|^Loopback|^Speed |^Duplex|^Mdi|^Negotiation|^Current |^Statistics|^Media type|^Physical "
    r"|^Hash |^QoS |^Input|^Output|^Realtime|^-+$|^PortName|^\S+\d\s+(?:UP|DOWN|Up|Down)\s"
    r"|^\s+\S|^PVID|^TPID|^Encapsulation|^Link layer|^LCP |^Bound |^Packets |^Model |^Modem "
    r"|^Tunnel |^Checksum|^keepalive|^Local |^Maximal |^Time |^Port|^BW|^Working|^Operate|^Least"
    r"|^FEC"
)
_DISCARDS = r"(?:Discard|Drops?|Lost)"
_RATE = r"^ *Last \d+ seconds {} rate:? (?:\d+ bytes/sec,? )?(\d+) bits/sec"
# Where no total is given it is what these come to.
_IN = ("CRC", "Symbol", "Overrun", "LongPacket", "Jabber", "Alignment", "Fragment")
_OUT = ("Overflow", "Underrun", "System", "Overruns")


def interfaces(outputs: Sequence[Output]) -> Interfaces | None:
    """Every interface with its counters."""
    items = [_interface(name, state, body) for name, state, body in _sections(outputs[0])]
    return Interfaces(items=tuple(items))


def _sections(output: Output) -> list[tuple[str, str, str]]:
    text = text_of(output).replace("\r", "")
    heads = list(_HEAD.finditer(text))
    expect(heads, output, "no interface in it")
    expect(not text[: heads[0].start()].strip(), output, text[:60].strip())
    strange = next((line for line in text.split("\n") if not _KNOWN.match(line)), None)
    expect(strange is None, output, str(strange)[:60])
    ends = [head.start() for head in heads[1:]] + [len(text)]
    found = [
        (long_name(head[1]), head[2], text[head.end() : end])
        for head, end in zip(heads, ends, strict=True)
    ]
    for name, _, body in found:
        expect(_PROTOCOL.search(body), output, f"{name} without its line protocol")
    return found


def _interface(name: str, state: str, body: str) -> Interface:
    protocol = _first(_PROTOCOL.pattern, body)
    inbound, _, outbound = body.partition("\n    Output:\n")
    if not outbound:
        inbound, _, outbound = body.partition("\nOutput:")
    addresses = re.findall(
        r"^Internet Address is (?:\w+ by DHCP, |negotiated, )?([\d.]+/\d+)", body, re.MULTILINE
    )
    return Interface(
        name=name,
        admin_up="dministratively" not in state,
        oper_up=state.upper().startswith("UP") and protocol.upper() == "UP",
        description=_first(r"^Description:[ ]?(.*)$", body).strip(),
        mtu=number(_first(r"Maximum (?:Transmit Unit|Frame Length) is (\d+)", body)),
        speed_bps=_speed(body),
        addresses=tuple(addresses),
        mac=_mac(_first(r"Hardware address is ([\da-f-]{14})", body)),
        in_errors=_errors(_IN, inbound),
        out_errors=_errors(_OUT, outbound),
        crc_errors=_count("CRC", inbound),
        in_discards=_count(_DISCARDS, inbound),
        out_discards=_count(_DISCARDS, outbound),
        in_bps=number(_first(_RATE.format("input"), body)),
        out_bps=number(_first(_RATE.format("output"), body)),
    )


def _errors(names: tuple[str, ...], text: str) -> int | None:
    total = _count("Total Errors?", text)
    parts = [found for name in names if (found := _count(name, text)) is not None]
    return total if total is not None or not parts else sum(parts)


def _count(name: str, text: str) -> int | None:
    found = re.search(rf"\b{name}:\s+(\d+)", text)
    return int(found[1]) if found else None


def _speed(body: str) -> int | None:
    stated = re.search(r"^Port BW: (\d+)([MG])", body, re.MULTILINE)
    if stated:
        return int(stated[1]) * {"M": 10**6, "G": 10**9}[stated[2]]
    megabits = re.search(r"^Speed\s*:\s*(\d+)", body, re.MULTILINE)
    return int(megabits[1]) * 10**6 if megabits else None


def _mac(text: str) -> str:
    digits = text.replace("-", "")
    return ":".join(digits[i : i + 2] for i in range(0, len(digits), 2))


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    return found[1] if found else ""
