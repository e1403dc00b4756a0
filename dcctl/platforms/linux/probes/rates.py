import time


def counters():
    found = {}
    for line in read("/proc/net/dev").splitlines()[2:]:
        name, _, numbers = line.partition(":")
        words = numbers.split()
        found[name.strip()] = [int(words[0]), int(words[8])]
    return {"at": time.monotonic(), "bytes": found}


def probe():
    first = counters()
    time.sleep(1.0)
    return {"first": first, "second": counters()}
