"""What `show` answers about what boots, why it last booted, and what keeps it out of service."""

from __future__ import annotations

from typing import Any

from dcctl.lab.elements.scene import dotted
from dcctl.lab.elements.tree import EMPTY, get, value
from dcctl.lab.systems.arista_eos import drains, software
from dcctl.lab.systems.arista_eos.scene import Scene, stamped

Data = dict[str, Any]


def boot_data(scene: Scene) -> Data:
    """`show boot-config | json`."""
    return {
        "softwareImage": software.boots(scene.element) or "(not set)",
        "consoleSpeed": "(not set)",
        "abootPassword": "(not set)",
        "memTestIterations": 0,
    }


def boot(scene: Scene) -> str:
    """`show boot-config`."""
    return f"""\
Software image: {software.boots(scene.element) or "(not set)"}
Console speed: (not set)
Aboot password (encrypted): (not set)
Memory test iterations: (not set)
"""


def reload_cause_data(scene: Scene) -> Data:
    """`show reload cause | json`."""
    cause = {
        "description": scene.element.software.reason or software.BY_USER,
        "timestamp": scene.element.booted,
        "recommendedAction": "No action necessary.",
        "debugInfoIsDir": False,
    }
    return {"kernelCrashData": [], "resetCauses": [cause], "full": False}


def reload_cause(scene: Scene) -> str:
    """`show reload cause`."""
    return f"""\
Reload Cause 1:
-------------------
{scene.element.software.reason or software.BY_USER}

Reload Time:
------------
Reload occurred at {stamped(scene.element.booted)} UTC.

Recommended Action:
-------------------
No action necessary.

Debugging Information:
----------------------
None available.
"""


def maintenance(scene: Scene) -> str:
    """`show maintenance`."""
    state = "Under Maintenance" if drains.quiesced(scene.tree) else "Not Under Maintenance"
    return f"""\
Flags:
o - On-boot maintenance
v - Violating traffic threshold

Unit Name     Status                 Time since last change   Flags
------------- ---------------------- ------------------------ -----
System        {state:<22} never
"""


def mlag_data(scene: Scene) -> Data:
    """`show mlag | json`: where an MLAG is configured, its peer isn't played, so it is inactive."""
    section = get(scene.tree, ("mlag configuration",)) or EMPTY
    data: Data = {
        "state": "inactive" if section else "disabled",
        "domainId": value(section, "domain-id"),
        "localInterface": value(section, "local-interface"),
        "peerAddress": value(section, "peer-address"),
        "peerLink": value(section, "peer-link"),
        "mlagPorts": {
            "Disabled": 0,
            "Configured": 0,
            "Inactive": 0,
            "Active-partial": 0,
            "Active-full": 0,
        },
    }
    if section:
        data |= {"negStatus": "connecting", "systemId": dotted("0" * 12)}
    return data


def mlag(scene: Scene) -> str:
    """`show mlag`."""
    data = mlag_data(scene)
    rows = ["MLAG Configuration:"]
    for name, key in (
        ("domain-id", "domainId"),
        ("local-interface", "localInterface"),
        ("peer-address", "peerAddress"),
        ("peer-link", "peerLink"),
    ):
        rows.append(f"{name:<20}:{data[key]:>20}")
    rows += ["", "MLAG Status:", f"{'state':<20}:{data['state'].title():>20}"]
    rows += ["", "MLAG Ports:", *(f"{key:<20}:{0:>20}" for key in data["mlagPorts"]), ""]
    return "\n".join(rows)
