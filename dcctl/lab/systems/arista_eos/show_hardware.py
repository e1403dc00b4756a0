"""What `show` answers about the parts of the box: inventory, supervisors, power, fans, heat."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from dcctl.lab.elements.fabric import spread
from dcctl.lab.systems.arista_eos.scene import Scene, spans

_SUPPLY, _FAN = "PWR-511-AC-RED", "FAN-7011S-R"
Data = dict[str, Any]


def _broken(scene: Scene, *names: str) -> set[int]:
    """Numbers of the parts that an alarm speaks of: `PEM 1 Not Powered`, `Fan 2 failed`."""
    found = set()
    for alarm in scene.around.alarms:
        parts = alarm.text.replace("/", " ").split()
        for name, number in pairwise(parts):
            if name.lower() in names and number.isdecimal():
                found.add(int(number) or 1)
    return found


def _supplies(scene: Scene) -> dict[int, bool]:
    broken = _broken(scene, "pem", "supply", "powersupply", "psu", "pwr")
    return {number: number not in broken for number in (1, 2)}


def _fans(scene: Scene) -> dict[int, bool]:
    broken = _broken(scene, "fan", "tray")
    return {number: number not in broken for number in (1, 2, 3, 4)}


def inventory_data(scene: Scene) -> Data:
    """`show inventory | json`."""
    chassis = scene.element.chassis
    number = chassis.serial[-6:]
    return {
        "systemInformation": {
            "name": chassis.model,
            "description": f"{chassis.model} 1RU",
            "mfgDate": "2023-03-27",
            "hardwareRev": "12.03",
            "serialNum": chassis.serial,
        },
        "powerSupplySlots": {
            str(slot): {"name": _SUPPLY, "serialNum": f"K19{slot}{number}"}
            for slot in _supplies(scene)
        },
        "fanTraySlots": {
            str(slot): {"numFans": 1, "name": _FAN, "serialNum": "N/A"} for slot in _fans(scene)
        },
        "xcvrSlots": {
            port.name.removeprefix("Ethernet"): {
                "mfgName": "Arista Networks",
                "modelName": "SFP-10G-LR",
                "serialNum": f"XCW{port.mac[-6:].upper()}",
                "hardwareRev": "20",
            }
            for port in scene.optical()
        },
        "cardSlots": {},
        "subcompSerNums": {},
        "portCount": len(chassis.ports),
        "managementPortCount": 1,
        "switchedPortCount": len(chassis.ports) - 1,
    }


def inventory(scene: Scene) -> str:
    """`show inventory`."""
    data = inventory_data(scene)
    system = data["systemInformation"]
    rows = [
        "System information",
        "    Model                    Description",
        "    ------------------------ ----------------------------------------------------",
        f"    {system['name']:<24} {system['description']}",
        "",
        "    HW Version  Serial Number  Mfg Date   Epoch",
        "    ----------- -------------- ---------- -----",
        f"    {system['hardwareRev']:<11} {system['serialNum']:<14} {system['mfgDate']:<10} 00",
        "",
        f"System has {len(data['powerSupplySlots'])} power supply slots",
        "    Slot Model            Serial Number",
        "    ---- ---------------- ----------------",
    ]
    rows += [
        f"    {slot:<4} {one['name']:<16} {one['serialNum']}"
        for slot, one in data["powerSupplySlots"].items()
    ]
    rows += [
        "",
        f"System has {len(data['fanTraySlots'])} fan modules",
        "    Module  Number of Fans  Model            Serial Number",
        "    ------- --------------- ---------------- ----------------",
    ]
    rows += [
        f"    {slot:<7} {one['numFans']:<15} {one['name']:<16} {one['serialNum']}"
        for slot, one in data["fanTraySlots"].items()
    ]
    rows += [
        "",
        f"System has {data['portCount']} ports",
        "    Type               Count",
        "    ------------------ ----",
        f"    Management         {data['managementPortCount']}",
        f"    Switched           {data['switchedPortCount']}",
        "",
        f"System has {len(data['xcvrSlots'])} transceiver slots",
        "    Port Manufacturer     Model            Serial Number    Rev",
        "    ---- ---------------- ---------------- ---------------- ----",
    ]
    rows += [
        f"    {slot:<4} {one['mfgName']:<16} {one['modelName']:<16} {one['serialNum']:<16} 0020"
        for slot, one in data["xcvrSlots"].items()
    ]
    return "\n".join([*rows, "", ""])


def redundancy_data(_scene: Scene) -> Data:
    """`show redundancy status | json`: a box with one supervisor."""
    return {
        "configuredProtocol": "simplex",
        "operationalProtocol": "simplex",
        "communicationDesc": "Up",
        "myMode": "active",
        "peerMode": "unknownPeerMode",
        "myState": "active",
        "peerState": "notInserted",
        "unitDesc": "Primary",
        "unitId": 1,
        "switchoverReady": False,
        "lastRedundancyModeChangeTime": 0.0,
        "lastRedundancyModeChangeReason": "",
        "switchoverCauses": [],
    }


def redundancy(_scene: Scene) -> str:
    """`show redundancy status`."""
    return """\
  my state = ACTIVE
peer state = NOT INSERTED
      Unit = Primary
   Unit ID = 1

Redundancy Protocol (Operational) = Simplex
Redundancy Protocol (Configured) = Simplex
Communications = Up
Not ready for switchover

  Last switchover time = never
Last switchover reason = (none)
"""


def power_data(scene: Scene) -> Data:
    """`show system environment power | json`."""
    return {
        "powerSupplies": {
            str(slot): {
                "modelName": _SUPPLY,
                "capacity": 500.0,
                "dominant": False,
                "inputCurrent": 0.35 if well else 0.0,
                "outputCurrent": 5.34 if well else 0.0,
                "outputPower": 64.8 if well else 0.0,
                "inputVoltage": 229.5 if well else 0.0,
                "state": "ok" if well else "powerLoss",
                "uptime": scene.element.booted,
                "managed": True,
                "fans": {f"FanP{slot}/1": {"status": "ok" if well else "failed", "speed": 45}},
                "tempSensors": {
                    f"TempSensorP{slot}/1": {
                        "status": "ok" if well else "unknownHwStatus",
                        "temperature": 31.0,
                    }
                },
            }
            for slot, well in _supplies(scene).items()
        }
    }


def power(scene: Scene) -> str:
    """`show system environment power`."""
    rows = [
        "Power                            Input  Output  Output",
        "Supply Model          Capacity Current Current   Power Status              Uptime",
        "------ -------------- -------- ------- ------- ------- ---------- -------------------",
    ]
    total = 0.0
    for slot, well in _supplies(scene).items():
        watts = 64.8 if well else 0.0
        total += watts
        state = "Ok" if well else "Power Loss"
        lasted = spans(scene.uptime).partition(",")[0] if well else "Offline"
        rows.append(
            f"{slot:<6} {_SUPPLY:<14} {'500W':>8} {'0.35A' if well else '0.00A':>7} "
            f"{'5.34A' if well else '0.00A':>7} {f'{watts}W':>7} {state:<10} {lasted:>19}"
        )
    rows.append(
        f"{'Total':<6} {'--':<14} {'1000W':>8} {'--':>7} {'--':>7} {f'{total}W':>7} {'--':<10} {'--':>19}"
    )
    return "\n".join([*rows, ""])


def cooling_data(scene: Scene) -> Data:
    """`show system environment cooling | json`."""
    well = all(_fans(scene).values())
    slots = [
        {
            "label": str(slot),
            "status": "ok" if fine else "failed",
            "speed": 43,
            "fans": [
                {
                    "label": f"{slot}/1",
                    "status": "ok" if fine else "failed",
                    "configuredSpeed": 43,
                    "actualSpeed": 43 if fine else 0,
                    "speedStable": True,
                    "uptime": scene.element.booted,
                }
            ],
        }
        for slot, fine in _fans(scene).items()
    ]
    return {
        "systemStatus": "coolingOk" if well else "coolingFansFailed",
        "ambientTemperature": 24.5,
        "airflowDirection": "frontToBackAirflow",
        "coolingMode": "automatic",
        "currentZones": 1,
        "configuredZones": 0,
        "overrideFanSpeed": 0,
        "shutdownOnInsufficientFans": True,
        "fanTraySlots": slots,
        "powerSupplySlots": [],
    }


def cooling(scene: Scene) -> str:
    """`show system environment cooling`."""
    well = all(_fans(scene).values())
    rows = [
        f"System cooling status: {'Ok' if well else 'Fans Failed'}",
        "Ambient temperature: 24C",
        "Airflow: port-side-exhaust",
        "",
        "Fan        Status Speed Stable Uptime",
        "---------- ------ ----- ------ ------------",
    ]
    rows += [
        f"{f'{slot}/1':<10} {'Ok' if fine else 'Failed':<6} {'43%' if fine else '0%':>5} Stable {spans(scene.uptime).partition(',')[0]}"
        for slot, fine in _fans(scene).items()
    ]
    return "\n".join([*rows, ""])


def _hot(scene: Scene) -> bool:
    """An alarm that is no power supply's and no fan's: the overheating of something."""
    return any(
        not any(word in alarm.text.lower() for word in ("pem", "supply", "psu", "pwr", "fan"))
        for alarm in scene.around.alarms
    )


def temperature_data(scene: Scene) -> Data:
    """`show system environment temperature | json`."""
    hot = _hot(scene)
    sensor = {
        "name": "TempSensor1",
        "description": "Cpu temp sensor",
        "currentTemperature": 96.0 if hot else spread(scene.element.chassis.name, 38, 47),
        "maxTemperature": 97.0 if hot else 52.0,
        "overheatThreshold": 95.0,
        "criticalThreshold": 105.0,
        "targetTemperature": 85.0,
        "inAlertState": hot,
        "alertCount": int(hot),
        "hwStatus": "ok",
        "relPos": "1",
    }
    return {
        "systemStatus": "temperatureOverheating" if hot else "temperatureOk",
        "shutdownOnOverheat": True,
        "tempSensors": [sensor],
        "cardSlots": [],
        "powerSupplySlots": [],
    }


def temperature(scene: Scene) -> str:
    """`show system environment temperature`."""
    data = temperature_data(scene)
    (sensor,) = data["tempSensors"]
    state = "Overheating" if sensor["inAlertState"] else "Ok"
    return f"""\
System temperature status: {state}
                                                        Alert  Critical
Sensor  Description              Temp    Setpoint      Limit     Limit
------- ------------------------ ------- ---------- -------- ---------
1       {sensor["description"]:<24} {sensor["currentTemperature"]:>6.1f}C {"N/A":>10} {"95C":>8} {"105C":>9}
"""


def environment(scene: Scene) -> str:
    """`show system environment all`."""
    return "\n".join([temperature(scene), cooling(scene), power(scene)])
