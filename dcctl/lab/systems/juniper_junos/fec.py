"""What Junos tells of forward error correction: the weaker the light, the more there is to mend."""

from __future__ import annotations

from typing import Any

from dcctl.lab.elements.model import NO_LIGHT_DBM, PortState
from dcctl.lab.elements.scene import Scene
from dcctl.lab.systems.juniper_junos.scene import cell

_DARK = PortState()
# Below this light, in dBm, a receiver errs tenfold with each dB, and the code no longer mends all.
_SOUND, _LOST = -10.0, -13.5


def _rates(port: PortState) -> tuple[int, int]:
    """(corrected, uncorrected) code words a second."""
    if not port.up or port.rx_dbm <= NO_LIGHT_DBM:
        return 0, 0
    corrected = min(10 ** max(0.0, _SOUND - port.rx_dbm), 1e6)
    return int(corrected), int(corrected / 100) if port.rx_dbm < _LOST else 0


def _figures(scene: Scene, name: str) -> tuple[str, tuple[int, int, int, int]]:
    """(mode, counts and rates): only 100 Gbit/s ports have a code."""
    port = scene.around.ports.get(name, _DARK)
    if not name.startswith("et"):
        return "NONE", (0, 0, 0, 0)
    corrected, lost = _rates(port)
    lasted = int(scene.around.now - max(port.since, scene.element.booted))
    return "FEC91", (corrected * lasted, lost * lasted, corrected, lost)


def rows(scene: Scene, name: str) -> list[str]:
    """The lines of `show interfaces`."""
    mode, counts = _figures(scene, name)
    counted = ("Corrected Errors", "Uncorrected Errors")
    names = (*counted, *(f"{one} Rate" for one in counted))
    return [
        f"  Ethernet FEC Mode  :               {mode:>8}",
        "  Ethernet FEC statistics              Errors",
        *(f"    FEC {one:<26} {count:>11}" for one, count in zip(names, counts, strict=True)),
    ]


def data(scene: Scene, name: str) -> dict[str, Any]:
    """The same as JSON data."""
    mode, counts = _figures(scene, name)
    names = ("fec_ccw_count", "fec_nccw_count", "fec_ccw_error_rate", "fec_nccw_error_rate")
    style = {"junos:style": "verbose"}
    return {
        "ethernet-fec-mode": [{"attributes": style, "enabled_fec_mode": cell(mode)}],
        "ethernet-fec-statistics": [
            {"attributes": style}
            | {one: cell(count) for one, count in zip(names, counts, strict=True)}
        ],
    }
