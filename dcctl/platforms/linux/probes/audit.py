import re

# The kernel speaks of its audit in its first namespaces only; their numbers never change
# (include/linux/proc_ns.h).
FIRST = {"pid": "pid:[4026531836]", "user": "user:[4026531837]"}


def own():
    try:
        return all(os.readlink("/proc/self/ns/" + kind) == first for kind, first in FIRST.items())
    except OSError:
        return True  # a kernel without such namespaces has no containers


def probe():
    text = read("/etc/audit/auditd.conf")
    return {
        "own": own(),
        "active": (run(["systemctl", "is-active", "auditd.service"], 5) or {}).get("out", ""),
        "enabled": (run(["systemctl", "is-enabled", "auditd.service"], 5) or {}).get("out", ""),
        "status": run(["auditctl", "-s"], 5),
        "rules": run(["auditctl", "-l"], 10),
        "actions": dict(re.findall(r"(?m)^\s*((?:admin_)?space_left_action)\s*=\s*(\w+)", text)),
    }
