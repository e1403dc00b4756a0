import time


def probe():
    form = "${Package}\t${Version}\t${db:Status-Status}\n"
    dpkg = run(["dpkg-query", "-W", "-f=" + form])
    if dpkg is None:
        rpm = run(["rpm", "-qa", "--qf", "%{NAME}\t%{VERSION}-%{RELEASE}\tinstalled\n"])
        return {"manager": "rpm", "installed": (rpm or {}).get("out", "")}
    folder = "/var/lib/apt/lists"
    ages = [
        time.time() - os.stat(os.path.join(folder, name)).st_mtime
        for name in names(folder)
        if name.endswith("Release")
    ]
    # A simulation: takes no lock, writes nothing, asks no network.
    options = ["-o", "Debug::NoLocking=true", "-o", "APT::Get::Show-User-Simulation-Note=false"]
    simulated = run(["apt-get", "-s", "-q"] + options + ["dist-upgrade"], timeout=15)
    return {
        "manager": "dpkg",
        "installed": dpkg["out"],
        "simulated": simulated if ages else None,
        "lists_age_s": int(min(ages)) if ages else None,
    }
