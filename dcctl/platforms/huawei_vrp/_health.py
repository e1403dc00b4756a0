"""The health of the box itself: release, parts, redundancy, alarms, software."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl.facts.alarms import Alarm, Alarms
from dcctl.facts.hardware import Hardware, Module
from dcctl.facts.install import Install
from dcctl.facts.redundancy import Redundancy, Supervisor
from dcctl.facts.version import Version
from dcctl.platforms._parsing import expect, own, seconds, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

HERE = Path(__file__).parent
_KINDS = (
    (r"^(?:\w+-)?(?:MPU|SRU|MCU|CXP|IPU)|MPU|SRU", "supervisor"),
    (r"^(?:LPU|LPUI|LPUF|BSU|NPU|VSU|CE-L|CR5D.*L|PIC)|^CE-L", "linecard"),
    (r"^SFU|SFUC|SFUI", "fabric"),
    (r"^PWR|^PM|^PHD|PWR", "power"),
    (r"^FAN", "fan"),
)


def version(outputs: Sequence[Output]) -> Version:
    """Release and model, and from the other answers name and serial number where it has them."""
    text = text_of(outputs[0])
    name = re.search(r"^sysname (\S+)\s*$", text_of(outputs[1]), re.MULTILINE)
    serial = re.search(r"^\s*ESN of [\w ]+:\s*(\w+)\s*$", outputs[2].text, re.MULTILINE)
    release = re.search(r"VRP \(R\) software, Version (\S+) \((.+)\)", text)
    up = re.search(
        r"^(?:HUAWEI|Huawei|Quidway) (.+?)(?: Router)? uptime is (.+)$", text, re.MULTILINE
    )
    expect(release and up, outputs[0], "no version")
    if release is None or up is None:
        raise AssertionError
    product = release[2].split()
    return Version(
        os="vrp",
        vendor="Huawei",
        release=product[-1],  # the product's: it names the image; VRP's own goes with it
        model=up[1].strip(),
        serial=serial[1] if serial and not outputs[2].failed else "",
        hostname=name[1] if name else "",
        uptime_s=_uptime(up[2]),
    )


def _uptime(text: str) -> int | None:
    total, found = 0, False
    for amount, unit in re.findall(r"(\d+) (year|week|day|hour|minute)", text):
        total += int(amount) * (seconds(f"1{unit[0]}") or 0)
        found = True
    return total if found else None


# --- parts --------------------------------------------------------------------------------------


def hardware(outputs: Sequence[Output]) -> Hardware:
    """Every part that `display device` lists, whatever columns this product has."""
    output = outputs[0]
    columns: list[str] = []
    items = []
    for line in text_of(output).replace("\r", "").splitlines():
        words = line.strip()
        if (
            not words
            or not re.search(r"[^\s-]", words)
            or re.fullmatch(r"\S.*['s]* Device status:?|\S+'s .*:", words)
        ):
            continue
        if words.startswith("Slot"):
            columns = [w.lower() for w in words.replace("Slot #", "Slot").split()]
            continue
        fields = re.split(r"\s{2,}", words)
        expect(columns and len(fields) == len(columns), output, words[:60])
        items.append(_module(dict(zip(columns, fields, strict=True))))
    expect(items, output, "no part in it")
    return Hardware(items=tuple(items))


def _module(row: dict[str, str]) -> Module:
    slot = row.get("slot") or row.get("slot/card") or ""
    model = row.get("type") or row.get("card-type") or ""
    state = row.get("status") or row.get("alarm") or ""
    # The master's own registration is not shown on routers (NA): it is the one that answers.
    registered = row.get("register", "").lower() in ("registered", "na")
    present = row.get("online", "").lower() == "present"
    return Module(
        name=slot if row.get("card", "-") == "-" else f"{slot}/{row['card']}",
        kind=_kind(slot, model),
        ok=present and registered and state.lower() == "normal",
        state=state.lower()
        if present and registered
        else row.get("register", "").lower() or "absent",
        model=model,
    )


def _kind(slot: str, model: str) -> str:
    found = (
        kind for pattern, kind in _KINDS if re.search(pattern, model) or re.search(pattern, slot)
    )
    return next(found, "other")


_HA = re.compile(
    r"^\s*Slot\s+(\S+)\s+HA FSM State\s*\((master|slave)\):\s*(.+?)\.?\s*$", re.MULTILINE
)


def redundancy(outputs: Sequence[Output]) -> Redundancy:
    """The main boards and whether the slave keeps up with the master."""
    text = text_of(outputs[0])
    if "Switchover State" in text:
        return _boards(outputs[0])
    found = list(_HA.finditer(text))
    strange = [line for line in text.splitlines() if line.strip() and not _HA.match(line)]
    expect(found and not strange, outputs[0], strange[0][:60] if strange else "no main board")
    items = tuple(
        Supervisor(
            name=one[1],
            role={"master": "active", "slave": "standby"}[one[2]],
            state=one[3].lower(),
        )
        for one in found
    )
    standby = [one for one in items if one.role == "standby"]
    states = {one.state for one in items}
    kept = {"realtime or routine backup", "receiving realtime or routine data"}
    return Redundancy(items=items, ready=states == kept if standby else None, mode="hot standby")


def _boards(output: Output) -> Redundancy:
    """The form of the newer products: two boards by their slots, and one word about both."""
    rows: dict[str, str] = {}
    for line in text_of(output).splitlines():
        if line.strip():
            row = re.fullmatch(r"\s*(\w[\w ]*?)\s*:\s*(\S.*?)\s*", line)
            expect(row, output, line.strip()[:60])
            rows.update([(row[1], row[2])] if row else [])
    expect("MainBoard" in rows and "SlaveBoard" in rows, output, "no main board")
    state = rows["Switchover State"].lower()
    main = Supervisor(name=rows["MainBoard"], role="active", state="master")
    if not rows["SlaveBoard"][0].isdigit():
        return Redundancy(items=(main,), mode="hot standby")
    slave = Supervisor(name=rows["SlaveBoard"], role="standby", state=state)
    return Redundancy(items=(main, slave), ready=state == "ready", mode="hot standby")


# --- alarms -------------------------------------------------------------------------------------

_ALARM = re.compile(r"^(\d+)\s+(0x[0-9A-Fa-f]+)\s+([A-Z][a-z]+)\s+(\d{4}-\d\d-\d\d)\s+(.*)$")


def alarms(outputs: Sequence[Output]) -> Alarms:
    """Standing alarms; the description is wrapped at its column's width."""
    output = outputs[0]
    lines = text_of(output).replace("\r", "").splitlines()
    if any(
        re.match(r"\s*Info:\s+(?:No|There is no)\b.*alarm", line, re.IGNORECASE) for line in lines
    ):
        return Alarms(items=())
    head = next((line for line in lines if line.startswith("Sequence")), "")
    expect("Description" in head and "Severity" in head, output, "no table")
    start = head.index("Description")
    width = (
        max((len(line.rstrip()) for line in lines if re.fullmatch(r"-+\s*", line)), default=80)
        - start
    )
    rows: list[dict[str, str]] = []
    for line in lines:
        _alarm_line(output, line, start, width, rows)
    return Alarms(
        items=tuple(
            Alarm(
                severity=row["severity"].lower(),
                text=" ".join(row["text"].split()),
                source=row["id"],
                since=row["since"],
            )
            for row in rows
        )
    )


def _alarm_line(
    output: Output, line: str, start: int, width: int, rows: list[dict[str, str]]
) -> None:
    if not line.strip() or line.startswith("Sequence") or re.fullmatch(r"-+\s*", line):
        return
    first = _ALARM.match(line)
    if first:
        rows.append({"id": first[2], "severity": first[3], "since": first[4], "text": ""})
        _add(rows[-1], line[start:], width)
        return
    expect(rows and line.startswith(" " * 10), output, line.strip()[:60])
    clock = re.match(r"\s+(\d\d:\d\d:\d\d)(?:[+-]\S+)?", line)
    if clock and clock.start(1) < start:
        rows[-1]["since"] += f" {clock[1]}"
    _add(rows[-1], line[start:], width)


def _add(row: dict[str, str], piece: str, width: int) -> None:
    """A full piece goes on in the next line without a blank between."""
    piece = piece.rstrip()
    row["text"] += piece if len(piece) >= width else f"{piece} "


# --- software -----------------------------------------------------------------------------------


def install(outputs: Sequence[Output]) -> Install:
    """What the main board runs and would start next."""
    records = own(HERE, "display_startup", outputs[0])
    expect(records and all(r["software"] and r["next"] for r in records), outputs[0], "no software")
    main = records[0]
    patches = named(main["patch"]), named(main["next_patch"])
    pending = [
        after
        for before, after in ((main["software"], main["next"]), patches)
        if after and after != before
    ]
    return Install(
        running=main["software"],
        next_boot=main["next"],
        packages=tuple(name for name in (main["software"], patches[0]) if name),
        pending=tuple(pending),
    )


def named(name: str) -> str:
    """A file, or nothing where VRP says that there is none."""
    return "" if name.lower() in ("null", "default") else name
