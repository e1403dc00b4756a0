def probe():
    dmi = "/sys/class/dmi/id/"
    uname = os.uname()
    return {
        "os_release": read("/etc/os-release"),
        "debian_version": read("/etc/debian_version").strip(),
        "kernel": uname.release,
        "hostname": uname.nodename,
        "vendor": read(dmi + "sys_vendor").strip(),
        "model": read(dmi + "product_name").strip(),
        "serial": read(dmi + "product_serial").strip(),
        "uptime": read("/proc/uptime"),
    }
