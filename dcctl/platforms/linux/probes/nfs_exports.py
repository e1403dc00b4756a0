def probe():
    return {"exportfs": run(["exportfs", "-s"], 10)}
