"""The simulated network elements: one daemon serves a lab's, each on its own loopback address.

`up` starts it and gives where each element listens; `fault`, `status`, `configure` and `down` speak
to it. No root
is needed, and nothing outside the folder is touched.
"""

from dcctl.lab.elements.control import (
    Entry,
    configure,
    credential,
    down,
    fault,
    log,
    status,
    up,
)
from dcctl.lab.elements.doorways import CONSOLE, JUMP
from dcctl.lab.elements.places import MIRROR
from dcctl.lab.elements.site import hops_of, simulated

__all__ = [
    "CONSOLE",
    "JUMP",
    "MIRROR",
    "Entry",
    "configure",
    "credential",
    "down",
    "fault",
    "hops_of",
    "log",
    "simulated",
    "status",
    "up",
]
