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
from dcctl.lab.elements.site import simulated

__all__ = [
    "Entry",
    "configure",
    "credential",
    "down",
    "fault",
    "log",
    "simulated",
    "status",
    "up",
]
