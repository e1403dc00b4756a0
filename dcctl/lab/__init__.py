"""The embedded lab: twins of the estate's elements that can be built, checked and broken.

    status = lab.up(targets, links, folder, progress=print)   # folder: SITE/.dcctl/lab
    lab.inside(folder, "hl-cmp-a01", ["systemctl", "is-system-running"]).stdout
    lab.fault(folder, "hl-cmp-a01", "hang");  lab.fault(folder, "hl-cmp-a01", "hang", heal=True)
    lab.down(folder)

What stands for a target follows from its platform: `linux` is a server (Debian with systemd and
sshd in namespaces of its own, on an overlay of one shared base tree), `frr` a router made the same
way, and every platform in `lab/systems/` a simulated element. Real hosts need root; simulated
elements do not. `up` writes `overlay.json`, `known_hosts` and `keys/` into the folder; every twin
is dialled at a loopback address and port, through a relay that starts on the management network
inside the lab.

Inside a server: its inventory address on the interface `dcctl.management.interface` (or eth0); root
by key; packages from the lab's mirror (apt is configured; run `apt-get update` first), which holds
what the roles' defaults list in `…_packages`; each disk of `dcctl.volumes[].disks[].serial` as
`/dev/disk/by-id/lab-SERIAL`. /sys and /proc/sys (but for net) are read-only and there is no udev:
name file systems by UUID in fstab (mounted at boot by `lab-fstab.service`), not by
/dev/disk/by-uuid. chronyd runs with -x. Trees are built once a machine in `/var/cache/dcctl/lab`
(`DCCTL_LAB_CACHE`); the first `up` takes about a minute longer.
"""

from __future__ import annotations

from dcctl.lab.breaking import FaultInfo, fault
from dcctl.lab.breaking import all_faults as faults
from dcctl.lab.commands import LabFailure
from dcctl.lab.lifecycle import down, up
from dcctl.lab.patient import inside
from dcctl.lab.standing import LabStatus, LabTarget, status

__all__ = [
    "FaultInfo",
    "LabFailure",
    "LabStatus",
    "LabTarget",
    "down",
    "fault",
    "faults",
    "inside",
    "status",
    "up",
]
