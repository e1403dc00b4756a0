import json

MODES = ("ms_cluster_mode", "ms_service_mode", "ms_client_mode")
ASKED = ("auth_cluster_required", "auth_service_required", "auth_client_required")
MOST = 20  # profiles of erasure codes that are asked for


def ceph(*words):
    answer = run(["ceph", "--connect-timeout", "5"] + list(words), 15)
    if answer is None or answer["code"] != 0:
        raise RuntimeError("ceph %s: %s" % (words[0], answer and answer["err"][-300:]))
    return answer["out"]


def probe():
    if run(["ceph", "--version"], 15) is None:
        return {"installed": False}
    settings = {name: ceph("config", "get", "mon", name).strip() for name in MODES + ASKED}
    pools = json.loads(ceph("osd", "pool", "ls", "detail", "-f", "json"))
    profiles = {}
    for pool in pools:
        name = pool.get("erasure_code_profile")
        if name and name not in profiles and len(profiles) < MOST:
            found = json.loads(ceph("osd", "erasure-code-profile", "get", name, "-f", "json"))
            profiles[name] = {"k": found.get("k"), "m": found.get("m")}
    wanted = ("pool_name", "type", "size", "min_size", "crush_rule", "erasure_code_profile")
    return {
        "installed": True,
        "settings": settings,
        "pools": [{name: pool.get(name) for name in wanted} for pool in pools],
        "profiles": profiles,
        "rules": json.loads(ceph("osd", "crush", "rule", "dump", "-f", "json")),
    }
