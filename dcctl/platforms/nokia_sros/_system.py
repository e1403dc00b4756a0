"""The box itself: version, cards, supervisors, alarms, image, clocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.alarms import Alarm, Alarms
from dcctl.facts.hardware import Hardware, Module
from dcctl.facts.install import Install
from dcctl.facts.ptp import Ptp
from dcctl.facts.redundancy import Redundancy, Supervisor
from dcctl.facts.startup import Startup
from dcctl.facts.synce import Frequency, FrequencySource
from dcctl.facts.time_sync import TimeSync
from dcctl.facts.version import Version
from dcctl.platforms._parsing import expect, number, text_of
from dcctl.platforms.nokia_sros._text import nothing, pairs, rows, understood

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_RELEASE = re.compile(r"TiMOS-\S+-(?P<release>\d+\.\d+\.[A-Z]\d+\S*)\s")
_UPTIME = re.compile(r"(?P<days>\d+) days?, (?P<h>\d+):(?P<m>\d+):(?P<s>\d+)")


def version(outputs: Sequence[Output]) -> Version:
    release = _RELEASE.search(text_of(outputs[0]))
    release = understood(release, outputs[0], "no TiMOS release")
    system = dict(pairs(text_of(outputs[1]).splitlines()))
    expect("System Name" in system and "System Up Time" in system, outputs[1], "no system data")
    chassis = dict(pairs(text_of(outputs[2]).splitlines()))
    expect("Serial number" in chassis, outputs[2], "no serial number")
    up = _UPTIME.match(system["System Up Time"])
    up = understood(up, outputs[1], f"uptime {system['System Up Time']}")
    return Version(
        os="SR OS",
        release=release["release"],
        vendor="Nokia",
        model=system.get("System Type", "") or chassis.get("Type", ""),
        serial=chassis["Serial number"],
        hostname=system["System Name"],
        uptime_s=int(up["days"]) * 86400 + int(up["h"]) * 3600 + int(up["m"]) * 60 + int(up["s"]),
    )


# --- cards and supervisors --------------------------------------------------------------------

_CARD = re.compile(
    r"(?P<slot>\d+|[AB])\s+(?P<type>\S+)\s+(?P<admin>up|down)\s+(?P<state>[a-z]+(?:[/-][a-z]+)*)"
    r"(?:\s+\S.*)?\s*"
)
_MDA = re.compile(
    r"(?P<slot>\d+)\s+(?P<mda>\d+)\s+(?P<type>\S+)\s+(?P<admin>up|down)\s+"
    r"(?P<state>[a-z]+(?:[/-][a-z]+)*)(?:\s+\S.*)?\s*"
)
_MDA_NEXT = re.compile(
    r"\s+(?P<mda>\d+)\s+(?P<type>\S+)\s+(?P<admin>up|down)\s+(?P<state>[a-z]+)(?:\s+\S.*)?\s*"
)
_EQUIPPED = re.compile(r"\s+(?:\(\S.*\)|\S+)\s*")  # the type that is there, where it is another


def _cards(output: Output) -> list[re.Match[str]]:
    found = []
    for line in rows(output, r"Slot\s+Provisioned Type"):
        match = _CARD.fullmatch(line)
        expect(match or _EQUIPPED.fullmatch(line), output, line.strip())
        if match:
            found.append(match)
    expect(found, output, "no card")
    return found


def hardware(outputs: Sequence[Output]) -> Hardware:
    items = [
        Module(
            name=card["slot"],
            kind="supervisor" if card["slot"].isalpha() else "linecard",
            ok=card["state"].startswith("up"),
            state=card["state"],
            model=card["type"],
        )
        for card in _cards(outputs[0])
    ]
    items += _mdas(outputs[1])
    return Hardware(items=(*items, *_chassis(outputs[2])))


def _mdas(output: Output) -> list[Module]:
    items: list[Module] = []
    slot = ""
    for line in rows(output, r"Slot\s+Mda\s+Provisioned"):
        match = _MDA.fullmatch(line)
        slot = match["slot"] if match else slot
        match = match or (_MDA_NEXT.fullmatch(line) if slot else None)
        expect(match or _EQUIPPED.fullmatch(line), output, line.strip())
        if match:
            items.append(
                Module(
                    name=f"{slot}/{match['mda']}",
                    kind="port_module",
                    ok=match["state"] == "up",
                    state=match["state"],
                    model=match["type"],
                )
            )
    return items


_PART = re.compile(
    r"(?P<part>Fan tray number|Power supply number|Power shelf ID|Input power feed)", re.IGNORECASE
)
_KINDS = {"fan": "fan", "pow": "power", "inp": "power"}


def _chassis(output: Output) -> list[Module]:
    """Fans and power supplies: each begins with its number, and states its status below."""
    items: list[Module] = []
    part = ""
    known = dict(pairs(text_of(output).splitlines()))
    expect("Serial number" in known, output, "no serial number")
    for name, stated in pairs(text_of(output).splitlines()):
        begins = _PART.fullmatch(name)
        if begins:
            part = f"{begins['part'].split()[0].lower()} {stated}"
        elif part and name == "Status":
            items.append(
                Module(
                    name=part,
                    kind=_KINDS[part[:3]],
                    ok=stated.lower() == "up",
                    state=stated.lower(),
                )
            )
            part = ""
    items.append(
        Module(
            name="chassis",
            kind="chassis",
            ok=True,
            state="up",
            model=known.get("Type", ""),
            serial=known["Serial number"],
        )
    )
    return items


def redundancy(outputs: Sequence[Output]) -> Redundancy:
    items = [
        Supervisor(
            name=card["slot"],
            role=_role(card["state"]),
            state=card["state"],
        )
        for card in _cards(outputs[0])
        if card["slot"].isalpha()
    ]
    stated = dict(pairs(text_of(outputs[1]).splitlines()))
    expect("Standby Status" in stated, outputs[1], "no standby status")
    alone = len([item for item in items if item.role != "empty"]) < 2  # noqa: PLR2004 - a pair
    ready = stated["Standby Status"].lower() == "standby ready"
    return Redundancy(
        items=tuple(items),
        ready=None if alone else ready,
        mode=stated.get("Boot/Config Sync Mode", "").lower(),
    )


def _role(state: str) -> str:
    if state.endswith("/active"):
        return "active"
    return "standby" if state.endswith("/standby") else "empty"


# --- alarms -------------------------------------------------------------------------------------

_ALARM = re.compile(
    r"(?P<index>\d+)\s+(?P<since>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d+)?)\s+"
    r"(?P<severity>CRITICAL|MAJOR|MINOR|WARNING)\s+(?P<alarm>\S+)\s+(?P<resource>\S.*?)\s*",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"Alarms \[.*\bTotal:\s*(\d+)\s*\]")


def alarms(outputs: Sequence[Output]) -> Alarms:
    (output,) = outputs
    total = _TOTAL.search(text_of(output))
    total = understood(total, output, "no total")
    items: list[Alarm] = []
    lines = rows(output, r"Index\s+Date/Time") if total[1] != "0" else []
    for line in lines:
        match = _ALARM.fullmatch(line)
        if match:
            severity = match["severity"].lower()
            items.append(
                Alarm(
                    severity="info" if severity == "warning" else severity,
                    text=match["alarm"],
                    source=match["resource"],
                    since=match["since"],
                )
            )
            continue
        expect(items and line.startswith(" "), output, line.strip())
        last = items[-1]
        items[-1] = Alarm(
            severity=last.severity,
            text=f"{last.text} {line.strip()}",
            source=last.source,
            since=last.since,
        )
    expect(len(items) == int(total[1]), output, f"{total[1]} stated, {len(items)} understood")
    return Alarms(items=tuple(items))


# --- software -------------------------------------------------------------------------------------


def install(outputs: Sequence[Output]) -> Install:
    """SR OS knows no trial of an image: what the boot options name is what comes."""
    release = _RELEASE.search(text_of(outputs[0]))
    release = understood(release, outputs[0], "no TiMOS release")
    boot = text_of(outputs[1])
    image = re.search(
        r"primary-image\s+\"?(?P<image>\S+?)\"?\s*$", boot, re.MULTILINE
    ) or re.search(
        r"image \{\s*\n\s*primary-location\s+\"?(?P<image>\S+?)\"?\s*$", boot, re.MULTILINE
    )
    image = understood(image, outputs[1], "no primary image")
    return Install(running=release["release"], next_boot=image["image"])


def startup(outputs: Sequence[Output]) -> Startup:
    """Whether something was changed since the configuration was saved."""
    stated = dict(pairs(text_of(outputs[0]).splitlines()))
    word = stated.get("Changes Since Last Save", "").lower()
    expect(word in ("yes", "no"), outputs[0], "it does not say whether something changed")
    return Startup(saved=word == "no")


# --- clocks ---------------------------------------------------------------------------------------

_ASSOCIATION = re.compile(
    r"(?P<state>[a-z]\S*(?: [a-z]+)?)\s+(?P<reference>\S+)\s+(?P<stratum>\d+|-)\s+(?P<type>\S+)"
    r"\s+\S\s+\d+\s+\S+\s+(?P<offset>-?[\d.]+)\s*"
)
_REMOTE = re.compile(r"\s+\S+\s+(?P<remote>[\da-fA-F.:]+)\s*")


def time_sync(outputs: Sequence[Output]) -> TimeSync:
    (output,) = outputs
    stated = dict(pairs(text_of(output).splitlines()))
    expect("Admin Status" in stated and "Stratum" in stated, output, "no NTP status")
    found: list[tuple[re.Match[str], str]] = []
    lines = [] if nothing(output) else rows(output, r"State\s+Reference ID")
    waiting: re.Match[str] | None = None
    for line in lines:
        match, remote = _ASSOCIATION.fullmatch(line), _REMOTE.fullmatch(line)
        if match and waiting is None:
            waiting = match
        else:
            expect(waiting and remote, output, line.strip())
            assert waiting is not None  # noqa: S101 - expected above
            assert remote is not None  # noqa: S101 - expected above
            found.append((waiting, remote["remote"]))
            waiting = None
    expect(waiting is None, output, "an association without its address")
    chosen = next((pair for pair in found if pair[0]["state"] == "chosen"), None)
    return TimeSync(
        synchronised=chosen is not None,
        servers=tuple(remote for _, remote in found),
        source=chosen[1] if chosen else "",
        stratum=number(stated["Stratum"]),
        offset_s=round(float(chosen[0]["offset"]) / 1000, 9) if chosen else None,
    )


def ptp(outputs: Sequence[Output]) -> Ptp | None:
    (output,) = outputs
    stated = dict(pairs(text_of(output).splitlines()))
    expect("Clock Type" in stated and "Oper State" in stated, output, "no PTP clock")
    if stated.get("Admin State", "").lower() == "down":
        return None
    state = stated.get("PTP Recovery State", "").lower()
    expect(state, output, "no recovery state")
    return Ptp(
        state={"phase-tracking": "locked"}.get(state, state),
        profile=stated.get("PTP Profile", ""),
        domain=number(stated.get("Domain")),
        grandmaster=stated.get("GM Clock Id", ""),
        parent=stated.get("Parent Clock Id", ""),
    )


_INPUT = re.compile(r"Reference Input (?P<input>\S+)\s*")


def synce(outputs: Sequence[Output]) -> Frequency:
    (output,) = outputs
    lines = text_of(output).splitlines()
    status = re.search(r"(?m)^\s*System Status CPM [AB]\s*: (.+?)\s*$", text_of(output))
    status = understood(status, output, "no system status")
    items = []
    starts = [n for n, line in enumerate(lines) if _INPUT.fullmatch(line.strip())]
    for begin, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        stated = dict(pairs(lines[begin + 1 : end]))
        expect("Selected For Use" in stated, output, f"{lines[begin].strip()}: not selected or so")
        if stated.get("Admin Status", "").lower() == "up":
            items.append(
                FrequencySource(
                    interface=stated.get("Source Port", "").replace("None", ""),
                    selected=stated["Selected For Use"].lower() == "yes",
                    state="qualified"
                    if stated.get("Qualified For Use") == "Yes"
                    else "unqualified",
                    quality=stated.get("Rx Quality Level", "").upper(),
                )
            )
    words = status[1].lower()
    state = next((one for one in ("locked", "holdover", "free") if one in words), words)
    return Frequency(items=tuple(items), state={"free": "freerun"}.get(state, state))
