"""What `show` answers about the parts of the box: modules, inventory, supervisors, environment."""

from __future__ import annotations

from itertools import pairwise

from dcctl.lab.elements.fabric import spread
from dcctl.lab.systems.cisco_nxos.scene import Data, Scene, table

_SUPPLY, _FAN, _TYPE = (
    "NXA-PAC-500W-PE",
    "NXA-FAN-30CFM-F",
    "48x10/25G + 6x40/100G Ethernet Module",
)


def _broken(scene: Scene, *names: str) -> set[int]:
    """Numbers of the parts that an alarm speaks of: `PEM 1 Not Powered`, `Fan 2 failed`."""
    found = set()
    for alarm in scene.around.alarms:
        for name, number in pairwise(alarm.text.split()):
            if name.lower() in names and number.isdecimal():
                found.add(int(number) or 1)
    return found


def _supplies(scene: Scene) -> dict[int, bool]:
    broken = _broken(scene, "pem", "supply", "psu", "pwr")
    return {number: number not in broken for number in (1, 2)}


def _fans(scene: Scene) -> dict[int, bool]:
    broken = _broken(scene, "fan", "tray")
    return {number: number not in broken for number in (1, 2, 3, 4)}


def _hot(scene: Scene) -> bool:
    """An alarm that is no power supply's and no fan's: the overheating of something."""
    return any(
        not any(
            word in alarm.text.lower() for word in ("pem", "supply", "psu", "pwr", "fan", "module")
        )
        for alarm in scene.around.alarms
    )


def _parts(scene: Scene) -> list[tuple[str, str, str, str, str]]:
    """(name, description, product, version, serial number) of everything that has one."""
    chassis = scene.element.chassis
    name = f"Nexus9000 {chassis.model.removeprefix('N9K-')} Chassis"
    found = [
        ("Chassis", name, chassis.model, "V01", chassis.serial),
        ("Slot 1", _TYPE, chassis.model, "V01", chassis.serial),
    ]
    found += [
        (
            f"Power Supply {slot}",
            f"{name} Power Supply",
            _SUPPLY,
            "V01",
            f"ART{slot}{chassis.serial[-6:]}",
        )
        for slot in _supplies(scene)
    ]
    found += [(f"Fan {slot}", f"{name} Fan Module", _FAN, "V01", "N/A") for slot in _fans(scene)]
    return found


def inventory_data(scene: Scene) -> Data:
    """`show inventory | json`."""
    return table(
        "inv",
        [
            {
                "name": f'"{name}"',
                "desc": f'"{text}"',
                "productid": product,
                "vendorid": revision,
                "serialnum": serial,
            }
            for name, text, product, revision, serial in _parts(scene)
        ],
    )


def inventory(scene: Scene) -> str:
    """`show inventory`."""
    return "\n".join(
        f'NAME: "{name}",  DESCR: "{text}"\nPID: {product:<20} ,  VID: {revision} ,  SN: {serial}\n'
        for name, text, product, revision, serial in _parts(scene)
    )


def _environment(scene: Scene) -> tuple[list[Data], list[Data], list[Data]]:
    """Rows of fans, power supplies and temperatures."""
    fans: list[Data] = [
        {
            "fanname": f"Fan{slot}(sys_fan{slot})",
            "fanmodel": _FAN,
            "fanhwver": "--",
            "fandir": "front-to-back",
            "fanstatus": "Ok" if well else "Failure",
        }
        for slot, well in _fans(scene).items()
    ]
    supplies: list[Data] = [
        {
            "psnum": slot,
            "psmodel": _SUPPLY,
            "actual_out": "98 W" if well else "0 W",
            "actual_input": "112 W" if well else "0 W",
            "tot_capa": "500 W",
            "ps_status": "Ok" if well else "Shutdown",
        }
        for slot, well in _supplies(scene).items()
    ]
    hot = _hot(scene)
    inlet = int(spread(scene.element.chassis.name, 20, 28))
    heat: list[Data] = [
        {
            "tempmod": "1",
            "sensor": sensor,
            "majthres": str(major),
            "minthres": str(minor),
            "curtemp": str(major + 1 if hot and sensor == "CPU" else inlet + offset),
            "alarmstatus": "Major Alarm" if hot and sensor == "CPU" else "Ok",
        }
        for sensor, major, minor, offset in (
            ("FRONT", 80, 70, 4),
            ("BACK", 70, 42, 0),
            ("CPU", 90, 80, 12),
            ("Sugarbowl", 110, 90, 22),
        )
    ]
    return fans, supplies, heat


def environment_data(scene: Scene) -> Data:
    """`show environment | json`."""
    fans, supplies, heat = _environment(scene)
    return {
        "fandetails": {**table("faninfo", fans), "fan_filter_status": "NotSupported"},
        "powersup": {
            "voltage_level": 12,
            **table("psinfo", supplies),
            "power_summary": {
                "ps_redun_mode": "PS-Redundant",
                "ps_oper_mode": "PS-Redundant"
                if all(_supplies(scene).values())
                else "Non-Redundant",
                "tot_pow_capacity": "500.00 W",
                "tot_pow_out_actual_draw": "196.00 W",
            },
        },
        **table("tempinfo", heat),
    }


def environment(scene: Scene) -> str:
    """`show environment`."""
    fans, supplies, heat = _environment(scene)
    rows = [
        "Fan:",
        "---------------------------------------------------------------------------",
        "Fan             Model                Hw     Direction      Status",
        "---------------------------------------------------------------------------",
    ]
    rows += [
        f"{one['fanname']:<15} {one['fanmodel']:<20} {one['fanhwver']:<6} {one['fandir']:<14} {one['fanstatus']}"
        for one in fans
    ]
    rows += [
        "Fan Zone Speed: Zone 1: 0x80",
        "Fan Air Filter : NotSupported",
        "",
        "",
        "Power Supply:",
        "Voltage: 12 Volts",
        "Power                             Actual             Actual        Total",
        "Supply    Model                   Output             Input      Capacity    Status",
        "                                 (Watts )           (Watts )    (Watts )     ",
        "-------  -------------------  ---------------  ------  ----------  --------------------",
    ]
    rows += [
        f"{one['psnum']:<8} {one['psmodel']:<19}  {one['actual_out']:>15}  {one['actual_input']:>6}  {one['tot_capa']:>10}  {one['ps_status']:>12}"
        for one in supplies
    ]
    rows += [
        "",
        "",
        "Temperature:",
        "--------------------------------------------------------------------",
        "Module   Sensor        MajorThresh   MinorThres   CurTemp     Status",
        "                       (Celsius)     (Celsius)    (Celsius)         ",
        "--------------------------------------------------------------------",
    ]
    rows += [
        f"{one['tempmod']:<8} {one['sensor']:<15} {one['majthres']:<15} {one['minthres']:<11} {one['curtemp']:<10} {one['alarmstatus']}"
        for one in heat
    ]
    return "\n".join([*rows, ""])
