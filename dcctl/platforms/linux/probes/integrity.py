import time

PROGRAMS = ("/usr/bin/aide", "/usr/sbin/aide")
DATABASES = ("/var/lib/aide/aide.db", "/var/lib/aide/aide.db.gz")
TIMERS = ("dailyaidecheck.timer", "aidecheck.timer", "aide-check.timer")
CRONS = ("cron.service", "crond.service")
JOBS = ("/etc/cron.daily/aide", "/etc/cron.daily/dailyaidecheck", "/etc/cron.d/aide")


def state(question, units):
    return [(run(["systemctl", question, unit], 5) or {}).get("out", "").strip() for unit in units]


def by_cron():
    # Debian's own job ends at once where systemd runs; and without a cron nobody starts any.
    jobs = [path for path in JOBS if os.path.exists(path)]
    awake = [path for path in jobs if "/run/systemd/system" not in read(path)]
    return bool(awake) and "active" in state("is-active", CRONS)


def probe():
    reports = []
    for name in names("/var/log/aide"):
        if name.endswith(".log"):
            reports.append(time.time() - os.stat(os.path.join("/var/log/aide", name)).st_mtime)
    return {
        "installed": any(os.path.exists(path) for path in PROGRAMS),
        "database": any(os.path.exists(path) for path in DATABASES),
        "checked_age_s": int(min(reports)) if reports else None,
        "scheduled": "enabled" in state("is-enabled", TIMERS) or by_cron(),
    }
