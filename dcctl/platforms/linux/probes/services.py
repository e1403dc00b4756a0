def probe():
    kinds = "--type=service,timer,socket,mount"
    plain = ["--no-legend", "--no-pager", "--plain", "--full"]
    units = run(["systemctl", "list-units", "--all", kinds] + plain)
    if units is None or units["code"] != 0:
        raise RuntimeError("systemctl list-units: %s" % (units and units["err"]))
    return {
        "units": units["out"],
        "files": (run(["systemctl", "list-unit-files", kinds] + plain[:2]) or {}).get("out", ""),
        "state": (run(["systemctl", "is-system-running"]) or {}).get("out", "").strip(),
    }
