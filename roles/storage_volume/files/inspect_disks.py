"""What a volume's disks hold, and whether they may be used; the volume is JSON in argv."""

import glob
import json
import os
import subprocess
import sys
import uuid


def run(*argv):
    """A program's exit status and output."""
    done = subprocess.run(
        argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True
    )
    return done.returncode, done.stdout


def disk(serial):
    """The device whose serial number this is; None when there is none, or more than one."""
    names = [
        name
        for name in glob.glob("/dev/disk/by-id/*" + glob.escape(serial))
        if "-part" not in os.path.basename(name)
    ]
    devices = {os.path.realpath(name) for name in names if os.path.exists(name)}
    return devices.pop() if len(devices) == 1 else None


def signatures(device):
    """What lies on a device, as words; empty for an empty one."""
    code, text = run("wipefs", "--no-act", "--json", device)
    if code != 0:
        raise SystemExit("%s can't be read" % device)
    found = json.loads(text)["signatures"] if text.strip() else []
    return ["%s at %s" % (item["type"], item["offset"]) for item in found]


def identity(device):
    """Label and UUID of the btrfs file system that the device is part of."""
    values = {}
    for line in run("blkid", "--probe", "--output", "export", device)[1].splitlines():
        key, _, value = line.partition("=")
        values[key] = value.replace("\\ ", " ")
    return (
        (values.get("LABEL"), values.get("UUID")) if values.get("TYPE") == "btrfs" else (None, None)
    )


def in_use(device):
    """Where the device is mounted, swapped to or held, or nothing."""
    with open("/proc/self/mountinfo") as file:
        for line in file:
            left, _, right = line.partition(" - ")
            if right.split()[1:2] == [device]:
                return "mounted on " + left.split()[4]
    holders = glob.glob("/sys/class/block/%s/holders/*" % os.path.basename(device))
    return "held by " + os.path.basename(holders[0]) if holders else ""


def mounted(mount):
    """Whether a btrfs file system is mounted there."""
    with open("/proc/self/mountinfo") as file:
        lines = [line.partition(" - ") for line in file]
    return any(left.split()[4] == mount and right.split()[0] == "btrfs" for left, _, right in lines)


def main(volume):
    """Print the devices, the volume's UUID, what to wipe, and every reason to refuse."""
    serials = [item["serial"] for item in volume["disks"]]
    devices = {serial: disk(serial) for serial in serials}
    refused = [
        "no disk (or more than one) has the serial number " + s for s, d in devices.items() if not d
    ]
    if len(serials) != 2 or len(set(serials)) != 2:
        refused.append("a mirror has two disks")
    found = {s: identity(d) for s, d in devices.items() if d}
    ours = [s for s, (label, _) in found.items() if label == volume["name"]]
    whole = len(ours) == len(serials) and len({found[s][1] for s in ours}) == 1
    to_wipe = []
    if ours and not whole and not set(serials) <= set(volume["wipe"]):
        refused.append(
            "only %s carries the volume: replace the lost disk by btrfs replace" % ", ".join(ours)
        )
    elif not whole:
        for serial, device in devices.items():
            held = signatures(device) if device else []
            use = in_use(device) if device else ""
            if use:
                refused.append("%s (%s) is %s" % (serial, device, use))
            elif held and serial not in volume["wipe"]:
                refused.append(
                    "%s (%s) holds %s: name it to have it wiped" % (serial, device, ", ".join(held))
                )
            elif held:
                to_wipe.append(device)
    here = mounted(volume["mount"])
    scrub = run("btrfs", "scrub", "status", volume["mount"])[1] if here else ""
    print(
        json.dumps(
            {
                "devices": [devices[serial] for serial in serials],
                "uuid": found[ours[0]][1] if whole else "",
                # At random: two volumes of one UUID on one kernel (labs, cloned disks) exclude each
                # other.
                "new_uuid": str(uuid.uuid4()),
                "mounted": here,
                "scrubbed": "finished" in scrub or "running" in scrub,
                "to_wipe": to_wipe,
                "refused": refused,
            }
        )
    )


main(json.loads(sys.argv[1]))
