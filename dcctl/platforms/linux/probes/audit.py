import re


def probe():
    text = read("/etc/audit/auditd.conf")
    return {
        "active": (run(["systemctl", "is-active", "auditd.service"], 5) or {}).get("out", ""),
        "enabled": (run(["systemctl", "is-enabled", "auditd.service"], 5) or {}).get("out", ""),
        "status": run(["auditctl", "-s"], 5),
        "rules": run(["auditctl", "-l"], 10),
        "actions": dict(re.findall(r"(?m)^\s*((?:admin_)?space_left_action)\s*=\s*(\w+)", text)),
    }
