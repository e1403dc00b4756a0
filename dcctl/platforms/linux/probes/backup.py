import json
import time

SETTINGS, STATE = "/etc/dcctl/backup", "/var/lib/dcctl/backup"
PROGRAM = "/usr/local/sbin/dcctl-backup"


def decoded(text):
    try:
        return json.loads(text)
    except ValueError:
        return None


def probe():
    jobs = []
    for file in names(SETTINGS):
        job = decoded(read(os.path.join(SETTINGS, file))) if file.endswith(".json") else None
        if not isinstance(job, dict):
            continue
        state = decoded(read(os.path.join(STATE, file))) or {}
        # What the repository itself says: it reads one snapshot's head and takes no lock.
        asked = run([PROGRAM, "look", file[:-5]], timeout=15)
        jobs.append(
            {
                "name": file[:-5],
                "repository": job.get("repository", ""),
                "backup": {k: v for k, v in (state.get("backup") or {}).items() if k != "sample"},
                "restore": state.get("restore") or {},
                "look": decoded((asked or {}).get("out", "")) or {"reachable": False},
            }
        )
    return {
        "jobs": jobs,
        "timer": (run(["systemctl", "is-enabled", "dcctl-backup.timer"], 5) or {}).get("out", ""),
        "now": time.time(),
    }
