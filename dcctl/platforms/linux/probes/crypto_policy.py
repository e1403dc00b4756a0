def probe():
    folder = "/etc/crypto-policies/"
    return {"policy": (read(folder + "state/current") or read(folder + "config")).strip()}
