# Stands before each probe: reading only, bounded in time and size, always in English.
import os
import subprocess

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def run(argv, timeout=20, limit=4000000):
    """The output of a command; None where there is no such program."""
    env = {"PATH": PATH, "LC_ALL": "C", "LANG": "C", "HOME": "/root"}
    try:
        done = subprocess.run(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=timeout,
            env=env,
            check=False,
        )
    except FileNotFoundError:
        return None
    except subprocess.TimeoutExpired:
        return {"code": 124, "out": "", "err": "no answer within %d s" % timeout}
    return {
        "code": done.returncode,
        "out": done.stdout[:limit].decode("utf-8", "replace"),
        "err": done.stderr[:2000].decode("utf-8", "replace"),
    }


def read(path, limit=1000000):
    """The start of a file; an empty string where there is none or it may not be read."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(limit)
    except OSError:
        return ""


def names(folder):
    """The names in one folder, sorted; none where there is no such folder."""
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []
