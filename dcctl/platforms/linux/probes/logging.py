import re


def probe():
    # Only forwarding actions leave the host: other parts of these files may hold passwords.
    paths = ["/etc/rsyslog.conf"]
    paths += [os.path.join("/etc/rsyslog.d", name) for name in names("/etc/rsyslog.d")]
    text = "\n".join(
        read(path) for path in paths if path == "/etc/rsyslog.conf" or path.endswith(".conf")
    )
    text = re.sub(r"(?m)^\s*#.*$", "", text)
    actions = [found for found in re.findall(r"action\s*\([^)]*\)", text) if "omfwd" in found]
    legacy = re.findall(r"(?m)^\s*[\w.,;*!=-]+\s+(@@?[^\s;]+)", text)
    drivers = re.findall(r"(?im)^\s*\$ActionSendStreamDriverMode\s+(\d)", text)
    journal = [read("/etc/systemd/journald.conf")]
    for folder in ("/usr/lib/systemd/journald.conf.d", "/etc/systemd/journald.conf.d"):
        journal += [read(os.path.join(folder, name)) for name in names(folder)]
    rotation = {name: read("/etc/logrotate.d/" + name) for name in names("/etc/logrotate.d")}
    return {
        "rsyslog": run(["systemctl", "is-active", "rsyslog.service"], timeout=5),
        "actions": actions,
        "legacy": legacy,
        "legacy_tls": "1" in drivers,
        "connections": run(["ss", "-Htn", "state", "established"], timeout=5),
        "journald": "\n".join(journal),
        "journal_folder": os.path.isdir("/var/log/journal"),
        "logrotate": {name: text for name, text in rotation.items() if "/var/log/" in text},
        "logrotate_main": read("/etc/logrotate.conf"),
    }
