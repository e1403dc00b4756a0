import fnmatch
import re

MAIN = "/etc/ssh/sshd_config"
MOST = 100  # files that are included
# What a Match block may loosen for some; `sshd -T` tells what counts for all others.
LOOSENED = (
    "permitrootlogin",
    "passwordauthentication",
    "permitemptypasswords",
    "maxauthtries",
    "clientaliveinterval",
    "clientalivecountmax",
    "authenticationmethods",
)


def lines(path, seen):
    # A Match in an included file ends with the file: parentheses stand around its lines.
    if path in seen or len(seen) >= MOST:
        return
    seen.append(path)
    for line in read(path).splitlines():
        words = re.split(r"[\s=]+", line.strip(), maxsplit=1)
        keyword, value = words[0].lower(), words[1].strip() if len(words) > 1 else ""
        if keyword == "include":
            for pattern in value.split():
                folder, wanted = os.path.split(os.path.join("/etc/ssh", pattern.strip('"')))
                for name in fnmatch.filter(names(folder), wanted):
                    yield "(", name
                    for found in lines(os.path.join(folder, name), seen):
                        yield found
                    yield ")", name
        elif keyword:
            yield keyword, value


def matches():
    found, block, outer = [], None, []
    for keyword, value in lines(MAIN, []):
        if keyword == "(":
            outer.append(block)
        elif keyword == ")":
            block = outer.pop()
        elif keyword == "match":
            block = {"criteria": value, "settings": {}}
            found.append(block)
        elif block is not None and keyword in LOOSENED:
            block["settings"].setdefault(keyword, value)
    return [one for one in found if one["settings"]]


def probe():
    answer = run(["sshd", "-T"])
    if answer is None:
        return {"settings": None}
    if answer["code"] != 0:
        raise RuntimeError("sshd -T: " + answer["err"])
    return {"settings": answer["out"], "matches": matches()}
