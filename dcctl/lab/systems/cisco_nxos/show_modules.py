"""What `show` answers about modules and supervisors."""

from __future__ import annotations

from dcctl.lab.systems.cisco_nxos.scene import Data, Scene, table

_TYPE = "48x10/25G + 6x40/100G Ethernet Module"
_SUPERVISOR = "Supervisor Module"
_FIRST = 27  # the slot of the first supervisor of a chassis that has two


def _standby(scene: Scene) -> bool:
    two = scene.element.chassis.supervisors > 1
    return two and "standby_missing" not in scene.around.troubles


def _rows(scene: Scene) -> list[tuple[int, int, str, str, str]]:
    """(number, ports, type, model, status) of every module."""
    chassis = scene.element.chassis
    failed = any(one.text.lower().startswith("module 1 ") for one in scene.around.alarms)
    if chassis.supervisors == 1:
        return [(1, 54, _TYPE, chassis.model, "failure" if failed else "active *")]
    found = [
        (1, 54, _TYPE, chassis.model, "failure" if failed else "ok"),
        (_FIRST, 0, _SUPERVISOR, "N9K-SUP-B", "active *"),
    ]
    if _standby(scene):
        found.append((_FIRST + 1, 0, _SUPERVISOR, "N9K-SUP-B", "ha-standby"))
    return found


def module_data(scene: Scene) -> Data:
    """`show module | json`."""
    mac, serial = scene.mac(""), scene.element.chassis.serial
    dashed = "-".join(mac[i : i + 2] for i in range(0, 12, 2))
    release, rows = scene.element.software.release, _rows(scene)
    return {
        **table(
            "modinfo",
            [
                {"modinf": number, "ports": ports, "modtype": kind, "model": model, "status": state}
                for number, ports, kind, model, state in rows
            ],
        ),
        **table(
            "modwwninfo",
            [{"modwwn": one[0], "sw": release, "hw": "1.3", "slottype": "NA"} for one in rows],
        ),
        **table(
            "modmacinfo",
            [
                {"modmac": one[0], "mac": f"{dashed} to {dashed}", "serialnum": serial}
                for one in rows
            ],
        ),
        **table(
            "moddiaginfo",
            [
                {"mod": one[0], "diagstatus": "Fail" if one[4] == "failure" else "Pass"}
                for one in rows
            ],
        ),
    }


def module(scene: Scene) -> str:
    """`show module`."""
    mac, serial = scene.mac(""), scene.element.chassis.serial
    dashed = "-".join(mac[i : i + 2] for i in range(0, 12, 2))
    release, rows = scene.element.software.release, _rows(scene)
    first = "".join(
        f"{number:<4} {ports:<5} {kind:<37} {model:<21} {state}  \n"
        for number, ports, kind, model, state in rows
    )
    second = "".join(f"{one[0]:<4} {release:<23} 1.3    NA  \n" for one in rows)
    third = "".join(f"{one[0]:<4} {f'{dashed} to {dashed}':<38}  {serial}\n" for one in rows)
    fourth = "".join(f"{one[0]:<4} {'Fail' if one[4] == 'failure' else 'Pass'}\n" for one in rows)
    return f"""\
Mod Ports             Module-Type                      Model           Status
--- ----- ------------------------------------- --------------------- ---------
{first}
Mod  Sw                       Hw    Slot
---  ----------------------- ------ ----
{second}

Mod  MAC-Address(es)                         Serial-Num
---  --------------------------------------  ----------
{third}
Mod  Online Diag Status
---  ------------------
{fourth}
* this terminal session 
"""


def redundancy_data(scene: Scene) -> Data:
    """`show system redundancy status | json`."""
    both = _standby(scene)
    data: Data = {
        "rdn_mode_admin": "HA",
        "rdn_mode_oper": "HA" if both else "None",
        "this_sup": "(sup-1)",
        "this_sup_rdn_state": "Active,",
        "this_sup_sup_state": "Active,",
        "this_sup_internal_state": "Active with HA standby," if both else "Active with no standby,",
        "other_sup": "(sup-2)",
        "other_sup_rdn_state": "Standby," if both else "Not present",
    }
    if both:
        data |= {"other_sup_sup_state": "HA standby,", "other_sup_internal_state": "HA standby"}
    return data


def redundancy(scene: Scene) -> str:
    """`show system redundancy status`."""
    data = {name: text.rstrip(",") for name, text in redundancy_data(scene).items()}
    rows = ["    Redundancy state:   " + data["other_sup_rdn_state"]]
    if "other_sup_sup_state" in data:
        rows.append(f"    Supervisor state:   {data['other_sup_sup_state']}")
        rows.append(f"      Internal state:   {data['other_sup_internal_state']}")
    other = "\n".join(rows)
    return f"""\
Redundancy mode
---------------
      administrative:   {data["rdn_mode_admin"]}
         operational:   {data["rdn_mode_oper"]}

This supervisor (sup-1)
-----------------------
    Redundancy state:   {data["this_sup_rdn_state"]}
    Supervisor state:   {data["this_sup_sup_state"]}
      Internal state:   {data["this_sup_internal_state"]}

Other supervisor (sup-2)
------------------------
{other}

"""
