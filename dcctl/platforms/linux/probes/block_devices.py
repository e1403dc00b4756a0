def probe():
    answer = run(["lsblk", "-J", "-o", "NAME,TYPE,FSTYPE,MOUNTPOINT"], 10)
    return {"lsblk": answer}
