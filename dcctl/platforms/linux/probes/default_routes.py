import json


def routes(family):
    answer = run(["ip", "-j", family, "route", "show", "table", "all", "default"], 10)
    if answer is None or answer["code"] != 0:
        raise RuntimeError("ip route: %s" % (answer and answer["err"]))
    return json.loads(answer["out"] or "[]")


def probe():
    return {"ipv4": routes("-4"), "ipv6": routes("-6")}
