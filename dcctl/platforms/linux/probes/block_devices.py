def probe():
    answer = run(["lsblk", "-J", "-o", "NAME,KNAME,TYPE,FSTYPE,MOUNTPOINT"], 10)
    btrfs = "/sys/fs/btrfs"
    pools = [names(os.path.join(btrfs, name, "devices")) for name in names(btrfs)]
    return {"lsblk": answer, "pools": [pool for pool in pools if pool]}
