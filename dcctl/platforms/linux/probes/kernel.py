FOLDERS = (
    "fs", "kernel", "kernel/yama", "vm", "net/core", "net/ipv4", "net/ipv4/conf/all",
    "net/ipv4/conf/default", "net/ipv6/conf/all", "net/ipv6/conf/default",
)  # fmt: skip


def probe():
    found = {}
    for folder in FOLDERS:
        for name in names("/proc/sys/" + folder):
            path = "/proc/sys/%s/%s" % (folder, name)
            # What nobody can write is a counter, no setting; so is ns_last_pid, writable or not.
            if not os.path.isfile(path) or not os.stat(path).st_mode & 0o222:
                continue
            if name == "ns_last_pid":
                continue
            text = read(path, 300)
            if text:
                key = (folder + "/" + name).replace("/", ".")
                found[key] = [" ".join(text.split()), os.access(path, os.W_OK)]
    return {"release": os.uname().release, "sysctls": found}
