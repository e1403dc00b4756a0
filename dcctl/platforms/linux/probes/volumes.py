import time


def probe():
    found, seen = [], set()
    for line in read("/proc/self/mountinfo").splitlines():
        left, _, right = line.partition(" - ")
        left, right = left.split(), right.split()
        if len(right) < 3 or right[0] != "btrfs" or left[2] in seen:
            continue
        seen.add(left[2])
        mount = left[4].replace("\\040", " ")
        found.append(
            {
                "mount": mount,
                "options": left[5].split(",") + right[2].split(","),
                "show": run(["btrfs", "filesystem", "show", "--raw", mount]),
                "df": run(["btrfs", "filesystem", "df", "--raw", mount]),
                "stats": run(["btrfs", "device", "stats", mount]),
                "scrub": run(["btrfs", "scrub", "status", mount]),
            }
        )
    timers = run(
        [
            "systemctl",
            "list-units",
            "--all",
            "--plain",
            "--no-legend",
            "--full",
            "--type=timer",
            "*scrub*",
        ]
    )
    files = run(["systemctl", "list-unit-files", "--no-legend", "--type=timer", "*scrub*"])
    return {
        "volumes": found,
        "timers": (timers or {}).get("out", ""),
        "timer_files": (files or {}).get("out", ""),
        "now": time.strftime("%a %b %e %H:%M:%S %Y"),
    }
