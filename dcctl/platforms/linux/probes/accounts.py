import base64
import hashlib

MOST_KEYS = 200


def state(entry):
    # Only the state of a password leaves the host, never the hash.
    if entry is None:
        return "none"
    if entry == "":
        return "empty"
    return "locked" if entry[0] in "!*" else "set"


def keys(home):
    found = []
    for name in ("authorized_keys", "authorized_keys2"):
        for line in read(os.path.join(home, ".ssh", name), 200000).splitlines():
            for word in line.split():
                if word.startswith("AAAA") and not line.lstrip().startswith("#"):
                    blob = base64.b64decode(word + "==")
                    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
                    found.append("SHA256:" + digest)
                    break
    return found[:MOST_KEYS]


def probe():
    shadow = {}
    for line in read("/etc/shadow").splitlines():
        parts = line.split(":")
        if len(parts) > 1:
            shadow[parts[0]] = parts[1]
    groups, by_number = {}, {}
    for line in read("/etc/group").splitlines():
        parts = line.split(":")
        if len(parts) == 4:
            by_number[parts[2]] = parts[0]
            for member in parts[3].split(","):
                groups.setdefault(member, []).append(parts[0])
    users = []
    for line in read("/etc/passwd").splitlines():
        parts = line.split(":")
        if len(parts) != 7:
            continue
        name, secret, uid, gid, _, home, shell = parts
        entry = "" if secret == "" else shadow.get(name) if secret == "x" else secret
        fingerprints = keys(home)
        users.append(
            {
                "name": name,
                "uid": int(uid),
                "shell": shell,
                "entry": state(entry),
                "groups": sorted(set(groups.get(name, []) + [by_number.get(gid, gid)])),
                "authorized_keys": len(fingerprints),
                "key_fingerprints": fingerprints,
            }
        )
    sudoers = {"/etc/sudoers": read("/etc/sudoers")}
    for name in names("/etc/sudoers.d"):
        if "." not in name and not name.endswith("~"):  # sudo reads no others
            sudoers["/etc/sudoers.d/" + name] = read("/etc/sudoers.d/" + name)
    return {"users": users, "sudoers": sudoers, "shadow_read": bool(shadow)}
