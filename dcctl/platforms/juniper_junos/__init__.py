"""Juniper Junos 18 and later: MX, PTX, ACX."""

from dcctl.contracts import Platform
from dcctl.platforms.juniper_junos._change import CHANGE, RUNNING
from dcctl.platforms.juniper_junos._collectors import COLLECTORS
from dcctl.platforms.juniper_junos.upgrade import UPGRADE

_WORD = r"[\w./:*,+=@-]+"
_FILTER = (
    rf" \| (?:(?:match|except|find)(?: {_WORD}){{1,6}}|count|no-more|last(?: \d+)?"
    r"|display (?:json|xml|set|detail|inheritance))"
)

PLATFORM = Platform(
    name="juniper_junos",
    title="Juniper Junos",
    executor="device_session",
    netmiko_type="juniper_junos",
    # `show` reads whatever follows it; what writes are the pipes that are not listed here
    # (save, append, tee, request) and the verbs that are not (request, start, file, op, run).
    read_only=(
        rf"show(?: {_WORD}){{1,12}}(?:{_FILTER}){{0,4}}",
        r"ping [\w.:-]+ count \d{1,2}",
        r"traceroute [\w.:-]+",
        r"file list /var/tmp/ detail",
        r"file checksum (?:md5|sha1|sha-256) /var/tmp/[\w.+-]+",
    ),
    failures=(
        r"^\s*error:",
        r"^\s*\^?\s*syntax error",
        r"^\s*(?:unknown command|missing argument|invalid (?:value|numeric|ip address|interface))",
        r"^error: (?:commit|configuration)",
        r"permission denied",
    ),
    locked=(r"^error: configuration database (?:locked|modified)",),
    volatile=(r"## Last (?:changed|commit).*", r"set version .*"),
    secret_patterns=(
        (
            r"(?:encrypted-password|authentication-key(?: \d+ value|(?! \d+ (?:type|value)\b))"
            r"|md5 \d+ key|pre-shared-key|secret|simple-password"
            r"|plain-text-password-value) \"?(?P<secret>[^\s\";]+)"
        ),
        r"snmp community (?P<secret>\S+)",
        r"(?P<secret>\$(?:1|5|6|9)\$[^\s\";]+)",
    ),
    collectors=COLLECTORS,
    change=CHANGE,
    upgrade=UPGRADE,
    config_command=RUNNING,
    # A routing engine's role and the place in the configuration stand on lines of their own above.
    prompt=r"(?:\{[\w:\-]+\}\s*\n)?(?:\[edit[^\]\n]*\]\s*\n)?[\w.\-]+@[\w.\-]+[>#%]",
    setup=("set cli screen-length 0", "set cli screen-width 0"),
    enter="configure exclusive",
    leave="exit configuration-mode",
    answers=((r"\[yes,no\](?: \(\w+\))?\s*\??", "yes"),),
)
