import json


def probe():
    answer = run(["ip", "-j", "-s", "address", "show"])
    if answer is None or answer["code"] != 0:
        raise RuntimeError("ip address: %s" % (answer and answer["err"]))
    speeds = {}
    for name in names("/sys/class/net"):
        speed = read("/sys/class/net/%s/speed" % name).strip()
        if speed.isdigit():
            speeds[name] = int(speed)
    return {"interfaces": json.loads(answer["out"] or "[]"), "speeds_mbps": speeds}
