import time


def probe():
    boot_id = read("/proc/sys/kernel/random/boot_id").strip()
    uptime = float((read("/proc/uptime").split() or ["0"])[0])
    ticks = read("/proc/1/stat").rpartition(")")[2].split()
    started = float(ticks[19]) / os.sysconf("SC_CLK_TCK") if len(ticks) > 19 else 0.0
    # In a container process 1 is younger than the kernel: that is when this system booted.
    mine = max(0.0, uptime - started)
    if started > 60:
        boot_id = "%s+%d" % (boot_id, int(started))
    return {"boot_id": boot_id, "uptime_s": int(mine), "booted_at": int(time.time() - mine)}
