import time

PROGRAMS = ("/usr/bin/aide", "/usr/sbin/aide")
DATABASES = ("/var/lib/aide/aide.db", "/var/lib/aide/aide.db.gz")
TIMERS = ("dailyaidecheck.timer", "aidecheck.timer", "aide-check.timer")
JOBS = ("/etc/cron.daily/aide", "/etc/cron.daily/dailyaidecheck", "/etc/cron.d/aide")


def probe():
    reports = []
    for name in names("/var/log/aide"):
        if name.endswith(".log"):
            reports.append(time.time() - os.stat(os.path.join("/var/log/aide", name)).st_mtime)
    enabled = [
        (run(["systemctl", "is-enabled", unit], 5) or {}).get("out", "").strip() for unit in TIMERS
    ]
    return {
        "installed": any(os.path.exists(path) for path in PROGRAMS),
        "database": any(os.path.exists(path) for path in DATABASES),
        "checked_age_s": int(min(reports)) if reports else None,
        "scheduled": "enabled" in enabled or any(os.path.exists(path) for path in JOBS),
    }
