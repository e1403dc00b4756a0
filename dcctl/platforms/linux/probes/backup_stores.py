import json
import re
import struct

SETTINGS, USUAL = "/etc/ssh/sshd_config.d/50-dcctl-backup.conf", "/srv/backup"
MOST, KEYS = 500, 8
MAKING = {"data", "index", "keys", "locks", "snapshots"}  # of restic, before its `config`
CONFIG = 1000


def start(path, size):
    try:
        with open(path, encoding="latin-1", newline="") as file:
            return file.read(size).encode("latin-1")
    except OSError:
        return b""


def decoded(text):
    try:
        return json.loads(text)
    except ValueError:
        return None


def restic(folder):
    """How its own key files are sealed, and whether its settings lie there in clear."""
    keys = [
        decoded(read(os.path.join(folder, "keys", key))) for key in names(folder + "/keys")[:KEYS]
    ]
    return {
        "tool": "restic",
        "seals": [key.get("kdf", "") if isinstance(key, dict) else "" for key in keys],
        "clear": start(folder + "/config", 1)[:1] in (b"{", b""),
    }


def borg(folder):
    """The byte that says how the first object of its oldest segment is sealed (borg's key.py)."""
    segments = sorted((int(name) for name in names(folder + "/data/0") if name.isdigit()))
    for segment in segments[:4]:
        data = start("%s/data/0/%d" % (folder, segment), 200)
        if data[:8] == b"BORG_SEG" and len(data) > 49:
            _, size, tag = struct.unpack("<IIB", data[8:17])
            if tag == 0 and size > 41:  # a PUT: checksum, size, tag, an id of 32 bytes, the object
                return {"tool": "borg", "seal": data[49]}
    return {"tool": "borg", "seal": None}


def probe():
    told = re.search(r"(?m)^\s*ChrootDirectory\s+(/\S*)", read(SETTINGS))
    store = os.path.join(told.group(1) if told else USUAL, "repositories")
    found = [os.path.join(store, name) for name in names(store)]
    items = []
    for folder in found[:MOST]:
        within = set(names(folder))
        if within <= MAKING:
            continue
        if {"config", "data", "keys"} <= within:
            said = restic(folder)
        elif "[repository]" in read(os.path.join(folder, "config"), CONFIG):
            said = borg(folder)
        else:
            said = {"tool": ""}
        items.append(dict(said, path=folder))
    return {"items": items, "unread": len(found[MOST:])}
