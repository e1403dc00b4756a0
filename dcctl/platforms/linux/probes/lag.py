MOST = 64


def probe():
    folder = "/proc/net/bonding"
    return {"bonds": {name: read(os.path.join(folder, name)) for name in names(folder)[:MOST]}}
