def probe():
    return {"lldpctl": run(["lldpctl", "-f", "keyvalue"], timeout=5)}
