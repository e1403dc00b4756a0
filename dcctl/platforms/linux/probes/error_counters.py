def probe():
    found = {}
    for line in read("/proc/net/dev").splitlines()[2:]:
        name, _, numbers = line.partition(":")
        words = numbers.split()
        found[name.strip()] = [int(words[2]), int(words[10])]
    return {"errors": found}
