import re

PAM = (
    "common-auth",
    "common-password",
    "common-account",
    "system-auth",
    "password-auth",
    "sshd",
)
MODULES = (
    "pam_pwquality",
    "pam_cracklib",
    "pam_passwdqc",
    "pam_pwhistory",
    "pam_faillock",
    "pam_unix",
)
QUALITY = "minlen|minclass|dcredit|ucredit|lcredit|ocredit"


def settings(paths, wanted):
    # Only the wanted names leave the host, with a number or a word.
    found = {}
    for path in paths:
        for name, value in re.findall(
            r"(?m)^\s*(%s)\s*(?:=|\s)\s*(-?\w+)\s*$" % wanted, read(path)
        ):
            found[name] = value
    return found


def folder(path, ending):
    return [os.path.join(path, name) for name in names(path) if name.endswith(ending)]


def pam():
    lines = []
    for name in PAM:
        for line in read("/etc/pam.d/" + name).splitlines():
            if not line.lstrip().startswith("#") and any(word in line for word in MODULES):
                lines.append(" ".join(line.split()))
    return lines


def timeouts():
    paths = ["/etc/profile"] + folder("/etc/profile.d", ".sh") + ["/etc/bash.bashrc", "/etc/bashrc"]
    found = []
    for path in paths:
        found += re.findall(r"(?m)^\s*(?:[\w -]+\s)?TMOUT=(\d+)", read(path))
    return found


def sudo():
    paths = ["/etc/sudoers"]
    paths += [
        os.path.join("/etc/sudoers.d", name)
        for name in names("/etc/sudoers.d")
        if "." not in name and not name.endswith("~")
    ]
    found = []
    for path in paths:
        text = read(path).replace("\\\n", " ")
        for scope, line in re.findall(r"(?m)^\s*Defaults([:@>!]\S+)?\s+(.*)$", text):
            options = re.findall(r"!?[a-z_]+", re.sub(r"=\s*(\"[^\"]*\"|\S+)", " ", line))
            # What holds for some alone may loosen, but asks nothing of the others.
            found += [name for name in options if not scope or name.startswith("!")]
    return found


def probe():
    security = "/etc/security/"
    return {
        "pam": pam(),
        "quality": settings(
            [security + "pwquality.conf"] + folder(security + "pwquality.conf.d", ".conf"), QUALITY
        ),
        "history": settings([security + "pwhistory.conf"], "remember"),
        "lockout": settings([security + "faillock.conf"], "deny|unlock_time"),
        "login_defs": settings(["/etc/login.defs"], "PASS_MAX_DAYS"),
        "timeouts": timeouts(),
        "sudo": sudo(),
    }
