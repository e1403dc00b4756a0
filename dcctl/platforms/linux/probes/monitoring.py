import re
import time
import urllib.request

UNITS = ("prometheus-node-exporter.service", "node_exporter.service", "node-exporter.service")
LARGEST = 8000000


def unit():
    for name in UNITS:
        answer = run(
            ["systemctl", "show", name, "-p", "LoadState,ActiveState,UnitFileState,MainPID"], 5
        )
        values = dict(
            line.split("=", 1) for line in (answer or {}).get("out", "").splitlines() if "=" in line
        )
        if values.get("LoadState") == "loaded":
            return name, values
    return "", {}


def listener(pid):
    sockets = (run(["ss", "-Htlnp"], 5) or {}).get("out", "")
    for line in sockets.splitlines():
        if "pid=%s," % pid in line:
            address, _, port = line.split()[3].rpartition(":")
            return address.strip("[]"), int(port)
    return "", None


def sample(address, port):
    host = {"0.0.0.0": "127.0.0.1", "*": "127.0.0.1", "::": "127.0.0.1"}.get(address, address)
    host = "[%s]" % host if ":" in host else host
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open("http://%s:%d/metrics" % (host, port), timeout=5) as answer:
        text = answer.read(LARGEST).decode("utf-8", "replace")
    count = sum(1 for line in text.splitlines() if line and not line.startswith("#"))
    told = re.search(r"(?m)^node_time_seconds\s+(\S+)", text)
    return count, (max(0.0, time.time() - float(told.group(1))) if told else None)


def probe():
    name, values = unit()
    if not name:
        return None
    active = values.get("ActiveState") == "active"
    address, port = listener(values.get("MainPID", "0")) if active else ("", None)
    count, age = None, None
    if port is not None:
        try:
            count, age = sample(address, port)
        except (OSError, ValueError):
            count = 0
    return {
        "agent": name,
        "active": active,
        "enabled": values.get("UnitFileState") == "enabled",
        "address": address,
        "port": port,
        "metrics": count,
        "metrics_age_s": age,
    }
