"""What Junos answers about its routing engine and its environment."""

from __future__ import annotations

from typing import Any

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.scene import Scene
from dcctl.lab.systems.juniper_junos.scene import cell, stamped

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


def routing_engine(scene: Scene) -> str:
    """`show chassis routing-engine`."""
    element = scene.element
    rows = [
        "Routing Engine status:",
        "  Slot 0:",
        "    Current state                  Master",
        "    Election priority              Master (default)",
        f"    Temperature                 {_degrees(_celsius(scene, 're', 33, 41))}",
        f"    CPU temperature             {_degrees(_celsius(scene, 'cpu', 42, 50))}",
        "    DRAM                      32733 MB (32768 MB installed)",
        "    Memory utilization          12 percent",
    ]
    for period in ("5 sec", "1 min", "5 min", "15 min"):
        rows.append(f"    {period} CPU utilization:")
        rows += [f"      {name:<26}{share:>4} percent" for name, share in _CPU]
    rows += [
        f"    Model                          {_model(scene)}",
        "    Serial ID                      BUILTIN",
        f"    Start time                     {stamped(element.booted)}",
        f"    Uptime                         {_uptime(scene.around.now - element.booted)}",
        "    Last reboot reason             Router rebooted after a normal shutdown.",
        "    Load averages:                 1 minute   5 minute  15 minute",
        "                                  " + "".join(f"{load:>11}" for load in _LOADS),
    ]
    return "\n".join([*rows, ""])


def _model(scene: Scene) -> str:
    return f"RE-S-1600x8-{scene.element.chassis.model.upper()}"


def routing_engine_data(scene: Scene) -> Any:
    """`show chassis routing-engine` as JSON data."""
    element = scene.element
    up = int(scene.around.now - element.booted)
    one: dict[str, Any] = {
        "slot": cell(0),
        "mastership-state": cell("master"),
        "mastership-priority": cell("Master (default)"),
        "temperature": _heat(_celsius(scene, "re", 33, 41)),
        "cpu-temperature": _heat(_celsius(scene, "cpu", 42, 50)),
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
        "start-time": [
            {
                "data": stamped(element.booted),
                "attributes": {"junos:seconds": str(int(element.booted))},
            }
        ],
        "up-time": [{"data": _uptime(up), "attributes": {"junos:seconds": str(up)}}],
        "last-reboot-reason": cell("Router rebooted after a normal shutdown."),
    }
    names = ("load-average-one", "load-average-five", "load-average-fifteen")
    one |= {name: cell(load) for name, load in zip(names, _LOADS, strict=True)}
    return {"route-engine-information": [{"route-engine": [one]}]}


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


def replication(_scene: Scene) -> str:
    """`show task replication`: one routing engine has nobody to replicate to."""
    return "        Stateful Replication: Disabled\n        RE mode: Master\n"


def replication_data(_scene: Scene) -> Any:
    """`show task replication` as JSON data."""
    return {
        "task-replication-state": [
            {"task-gres-state": cell("Disabled"), "task-re-mode": cell("Master")}
        ]
    }
