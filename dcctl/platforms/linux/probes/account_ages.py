import re
import struct
import time

RECORD = 292  # bytes of one account's record in lastlog
MOST = 2000  # logins that are looked through, the newest first
ACCEPTED = r"(\d+)\.\d+ \S+ sshd(?:-session)?\[\d+\]: Accepted \S+ for (\S+) "
NO_SHELL = ("/nologin", "/false", "/sync", "/halt", "/shutdown")


def last_login(uid):
    # One record is read, at its place: the file is sparse and may look enormous.
    try:
        file = os.open("/var/log/lastlog", os.O_RDONLY)
    except OSError:
        return None
    try:
        record = os.pread(file, 4, uid * RECORD)
    finally:
        os.close(file)
    return struct.unpack("=i", record)[0] if len(record) == 4 else 0


def over_ssh():
    # A login without a terminal leaves nothing in lastlog, and automation has no other.
    asked = ["journalctl", "-q", "--no-pager", "-r", "-n", str(MOST), "-o", "short-unix"]
    answer = run(asked + ["-t", "sshd", "-t", "sshd-session", "-g", "^Accepted "], 10) or {}
    found = {}
    for line in answer.get("out", "").splitlines():
        login = re.match(ACCEPTED, line)
        if login:
            found.setdefault(login.group(2), int(login.group(1)))
    return found


def keys(home):
    paths = [os.path.join(home, ".ssh", name) for name in ("authorized_keys", "authorized_keys2")]
    return any("AAAA" in read(path, 200000) for path in paths)


def probe():
    shadow = {}
    for line in read("/etc/shadow").splitlines():
        parts = line.split(":")
        if len(parts) >= 8:
            # Never the hash: whether there is one that can fit.
            shadow[parts[0]] = [parts[1] == "" or parts[1][0] not in "!*"] + parts[2:8]
    found, logins = [], over_ssh()
    for line in read("/etc/passwd").splitlines():
        parts = line.split(":")
        if len(parts) != 7 or parts[6].endswith(NO_SHELL) or parts[0] not in shadow:
            continue
        entry = shadow[parts[0]]
        if not entry[0] and not keys(parts[5]):
            continue
        found.append(
            {
                "name": parts[0],
                "uid": int(parts[2]),
                "entry": entry[0],
                "changed": entry[1],
                "maximum": entry[3],
                "expires": entry[6],
                "last_login": last_login(int(parts[2])),
                "over_ssh": logins.get(parts[0]),
            }
        )
    return {"shadow_read": bool(shadow), "accounts": found, "now": time.time()}
