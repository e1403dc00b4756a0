# Kinds whose size may be asked for: asking a network file system whose server is gone hangs.
LOCAL = (
    "ext2",
    "ext3",
    "ext4",
    "xfs",
    "btrfs",
    "f2fs",
    "vfat",
    "zfs",
    "jfs",
    "overlay",
    "bcachefs",
)
REMOTE = ("nfs", "nfs4", "cifs", "smb3", "ceph", "glusterfs", "9p", "fuse.sshfs", "lustre")
MOST = 300


def probe():
    found, seen = [], set()
    for line in read("/proc/self/mountinfo").splitlines():
        left, _, right = line.partition(" - ")
        left, right = left.split(), right.split()
        if len(left) < 6 or len(right) < 3:
            continue
        device_number, mount, kind = left[2], left[4], right[0]
        mount = mount.replace("\\040", " ")
        if kind not in LOCAL + REMOTE or device_number in seen or len(found) >= MOST:
            continue
        if kind == "overlay" and mount != "/":
            continue
        seen.add(device_number)
        item = {
            "mount": mount,
            "device": right[1],
            "kind": kind,
            "read_only": "ro" in right[2].split(","),
        }
        if kind in LOCAL:
            size = os.statvfs(mount)
            item["size_bytes"] = size.f_blocks * size.f_frsize
            item["used_bytes"] = (size.f_blocks - size.f_bfree) * size.f_frsize
            item["available_bytes"] = size.f_bavail * size.f_frsize
            item["inodes"] = size.f_files or None
            item["inodes_used"] = size.f_files - size.f_ffree if size.f_files else None
        found.append(item)
    return {"filesystems": found}
