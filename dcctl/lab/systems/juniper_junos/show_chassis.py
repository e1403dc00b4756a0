"""What Junos answers about its routing engine and its environment."""

from __future__ import annotations

from typing import Any

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.scene import Scene
from dcctl.lab.systems.juniper_junos.scene import cell, stamped
from dcctl.lab.systems.juniper_junos.software import Engine, graceful, installed

_LOADS = ("0.40", "0.38", "0.37")
_CPU = (("User", 2), ("Background", 0), ("Kernel", 4), ("Interrupt", 1), ("Idle", 93))


def _celsius(scene: Scene, what: str, low: int, high: int) -> int:
    return int(spread(f"{scene.element.chassis.name} {what}", low, high))


def _degrees(celsius: int) -> str:
    return f"{celsius} degrees C / {celsius * 9 // 5 + 32} degrees F"


def _uptime(seconds: float) -> str:
    whole = int(seconds)
    days, hours = whole // 86400, whole // 3600 % 24
    minutes, rest = whole // 60 % 60, whole % 60
    lead = f"{days} day{'s' if days != 1 else ''}, " if days else ""
    return f"{lead}{hours} hours, {minutes} minutes, {rest} seconds"


def _engines(scene: Scene) -> list[tuple[int, Engine, str]]:
    """(slot, engine, state) of the routing engines that are there."""
    state = installed(scene.element)
    found = []
    for slot, engine in enumerate(state.engines):
        if slot == state.master:
            found.append((slot, engine, "Master"))
        elif "standby_missing" not in scene.around.troubles:
            found.append(
                (slot, engine, "Backup" if engine.up_at <= scene.around.now else "Present")
            )
    return found


def _priority(slot: int) -> str:
    return "Backup (default)" if slot else "Master (default)"


def _since(scene: Scene, engine: Engine, state: str) -> float:
    return scene.element.booted if state == "Master" else engine.up_at or scene.element.booted


def routing_engine(scene: Scene) -> str:
    """`show chassis routing-engine`."""
    rows = ["Routing Engine status:"]
    for slot, engine, state in _engines(scene):
        rows += [
            f"  Slot {slot}:",
            f"    Current state                  {state}",
        ]
        if state != "Present":
            rows += _engine_rows(scene, slot, engine, state)
    return "\n".join([*rows, ""])


def _engine_rows(scene: Scene, slot: int, engine: Engine, state: str) -> list[str]:
    since = _since(scene, engine, state)
    own = f"{slot or ''}"
    rows = [
        f"    Election priority              {_priority(slot)}",
        f"    Temperature                 {_degrees(_celsius(scene, f're{own}', 33, 41))}",
        f"    CPU temperature             {_degrees(_celsius(scene, f'cpu{own}', 42, 50))}",
        "    DRAM                      32733 MB (32768 MB installed)",
        "    Memory utilization          12 percent",
    ]
    for period in ("5 sec", "1 min", "5 min", "15 min"):
        rows.append(f"    {period} CPU utilization:")
        rows += [f"      {name:<26}{share:>4} percent" for name, share in _CPU]
    rows += [
        f"    Model                          {_model(scene)}",
        "    Serial ID                      BUILTIN",
        f"    Start time                     {stamped(since)}",
        f"    Uptime                         {_uptime(scene.around.now - since)}",
        f"    Last reboot reason             {engine.reason}",
        "    Load averages:                 1 minute   5 minute  15 minute",
        "                                  " + "".join(f"{load:>11}" for load in _LOADS),
    ]
    return rows


def _model(scene: Scene) -> str:
    return f"RE-S-1600x8-{scene.element.chassis.model.upper()}"


def routing_engine_data(scene: Scene) -> Any:
    """`show chassis routing-engine` as JSON data."""
    found = [_engine_data(scene, *one) for one in _engines(scene)]
    return {"route-engine-information": [{"route-engine": found}]}


def _engine_data(scene: Scene, slot: int, engine: Engine, state: str) -> dict[str, Any]:
    one: dict[str, Any] = {"slot": cell(slot), "mastership-state": cell(state.lower())}
    if state == "Present":
        return one
    since = _since(scene, engine, state)
    up = int(scene.around.now - since)
    own = f"{slot or ''}"
    one |= {
        "mastership-priority": cell(_priority(slot)),
        "temperature": _heat(_celsius(scene, f"re{own}", 33, 41)),
        "cpu-temperature": _heat(_celsius(scene, f"cpu{own}", 42, 50)),
        "memory-system-total": cell(32733),
        "memory-dram-size": cell("32733 MB"),
        "memory-installed-size": cell("(32768 MB installed)"),
        "memory-buffer-utilization": cell(12),
    }
    for number in ("", "1", "2", "3"):
        for name, share in _CPU:
            one[f"cpu-{'system' if name == 'Kernel' else name.lower()}{number}"] = cell(share)
    one |= {
        "model": cell(_model(scene)),
        "serial-number": cell("BUILTIN"),
        "start-time": [{"data": stamped(since), "attributes": {"junos:seconds": str(int(since))}}],
        "up-time": [{"data": _uptime(up), "attributes": {"junos:seconds": str(up)}}],
        "last-reboot-reason": cell(engine.reason),
    }
    names = ("load-average-one", "load-average-five", "load-average-fifteen")
    return one | {name: cell(load) for name, load in zip(names, _LOADS, strict=True)}


def _boards(scene: Scene) -> list[tuple[int, str]]:
    return [(0, "Offline" if scene.element.software.alarms else "Online")]


def fpc(scene: Scene) -> str:
    """`show chassis fpc`."""
    rows = [
        "                     Temp  CPU Utilization (%)   CPU Utilization (%)  Memory    Utilization (%)",
        "Slot State            (C)  Total  Interrupt      1min   5min   15min  DRAM (MB) Heap     Buffer",
    ]
    for slot, state in _boards(scene):
        more = f"{_celsius(scene, 'fpc', 38, 46):>12}     11          1        11     11     11     1954       16          0"
        rows.append(
            f"  {slot}  {state}{more if state == 'Online' else '          ---Hard errors---'}"
        )
    return "\n".join([*rows, ""])


def fpc_data(scene: Scene) -> Any:
    """`show chassis fpc` as JSON data."""
    found = [{"slot": cell(slot), "state": cell(state)} for slot, state in _boards(scene)]
    return {"fpc-information": [{"fpc": found}]}


def _heat(celsius: int) -> list[dict[str, Any]]:
    return [{"data": _degrees(celsius), "attributes": {"junos:celsius": str(celsius)}}]


def _items(scene: Scene) -> list[tuple[str, str, str, int]]:
    """(class, item, status, celsius or 0)."""
    said = " ".join(one.text.lower() for one in scene.around.alarms)
    second = "Failed" if any(word in said for word in ("power", "pem", "psu")) else "OK"
    fan = "Failed" if "fan" in said else "OK"
    return [
        ("Power", "PEM 0", "OK", _celsius(scene, "pem0", 30, 38)),
        ("Power", "PEM 1", second, _celsius(scene, "pem1", 30, 38) if second == "OK" else 0),
        ("Temp", "Routing Engine 0", "OK", _celsius(scene, "re", 33, 41)),
        ("Temp", "Routing Engine 0 CPU", "OK", _celsius(scene, "cpu", 42, 50)),
        ("Temp", "CB 0 Top Right Inlet Sensor", "OK", _celsius(scene, "inlet", 24, 29)),
        ("Temp", "CB 0 Top Left Inlet Sensor", "OK", _celsius(scene, "left", 24, 29)),
        ("Temp", "CB 0 Top Right Exhaust Sensor", "OK", _celsius(scene, "exhaust", 34, 42)),
        ("Temp", "FPC 0", "OK", _celsius(scene, "fpc", 38, 46)),
        *(
            ("Fans", f"Fan Tray 0 Fan {number}", fan if number == 0 else "OK", 0)
            for number in (0, 1)
        ),
        *(("Fans", f"Fan Tray 1 Fan {number}", "OK", 0) for number in (0, 1)),
    ]


def _measured(kind: str, status: str, celsius: int) -> str:
    if kind == "Fans":
        return "Spinning at normal speed" if status == "OK" else ""
    return _degrees(celsius) if celsius else ""


def environment(scene: Scene) -> str:
    """`show chassis environment`."""
    rows = ["Class Item                           Status     Measurement"]
    before = ""
    for kind, item, status, celsius in _items(scene):
        shown = kind if kind != before else ""
        before = kind
        rows.append(
            f"{shown:<5} {item:<30} {status:<10} {_measured(kind, status, celsius)}".rstrip()
        )
    return "\n".join([*rows, ""])


def environment_data(scene: Scene) -> Any:
    """`show chassis environment` as JSON data."""
    found = []
    for kind, item, status, celsius in _items(scene):
        one: dict[str, Any] = {
            "name": cell(item),
            "class": cell(kind),
            "status": cell(status),
        }
        if kind == "Fans":
            one["comment"] = cell(_measured(kind, status, celsius))
        elif celsius:
            one["temperature"] = _heat(celsius)
        found.append(one)
    return {"environment-information": [{"environment-item": found}]}


def _replicates(scene: Scene) -> bool:
    return graceful(scene.element) and len(_engines(scene)) > 1


def replication(scene: Scene) -> str:
    """`show task replication`: one routing engine has nobody to replicate to."""
    state = "Enabled" if _replicates(scene) else "Disabled"
    return f"        Stateful Replication: {state}\n        RE mode: Master\n"


def replication_data(scene: Scene) -> Any:
    """`show task replication` as JSON data."""
    state = "Enabled" if _replicates(scene) else "Disabled"
    return {
        "task-replication-state": [{"task-gres-state": cell(state), "task-re-mode": cell("Master")}]
    }
