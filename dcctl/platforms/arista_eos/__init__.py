"""Arista EOS 4.2x and 4.3x: 7000 series switches and routers."""

from dcctl.contracts import Platform
from dcctl.platforms.arista_eos._change import CHANGE, RUNNING
from dcctl.platforms.arista_eos._collectors import COLLECTORS
from dcctl.platforms.arista_eos.upgrade import UPGRADE

_WORD = r"[\w./:*,+=@-]+"
_FILTER = (
    rf" \| (?:json|no-more|(?:include|exclude|begin|section|grep|egrep)(?: {_WORD}){{1,6}}"
    r"|count|nz)"
)

PLATFORM = Platform(
    name="arista_eos",
    title="Arista EOS",
    executor="device_session",
    netmiko_type="arista_eos",
    # `show tech-support` and its kind write files only behind `>`, which the guard refuses.
    read_only=(
        rf"show(?: {_WORD}){{1,12}}(?:{_FILTER}){{0,3}}",
        r"ping(?: vrf [\w-]+)? [\w.:-]+(?: repeat \d{1,2})?",
        r"traceroute(?: vrf [\w-]+)? [\w.:-]+",
        r"dir(?: (?:flash|file|extension|supervisor-peer):[\w./-]*)?",
        r"verify /(?:md5|sha512) (?:flash|supervisor-peer):[\w./+-]+",
    ),
    failures=(
        r"^\s*% ?(?:Invalid|Incomplete|Ambiguous|Unknown|Error|Cannot|Can't|Authorization|Priv)",
        r"^\s*%.*(?:denied|failed|not allowed|not permitted|already|does not exist|overlaps)",
        r"^\s*(?:Commit failed|commit failed)",
    ),
    locked=(r"^% Cannot commit session .*commit timer",),
    volatile=(r"! Command: .*", r"! device: .*", r"! Last configuration.*", r"! Startup-config .*"),
    secret_patterns=(
        r"\b(?:secret|password|key)(?: (?:\d|sha512|md5|\*))? (?P<secret>[^\s]{4,})",
        r"\b(?<!mode )(?:md5|sha1|sha(?:224|256|384|512))(?: \d)? (?P<secret>[^\s]{4,})",
        r"snmp-server community (?P<secret>\S+)",
        r"(?P<secret>\$(?:1|5|6)\$\S+)",
    ),
    collectors=COLLECTORS,
    change=CHANGE,
    upgrade=UPGRADE,
    config_command=RUNNING,
    config_end="end",
    prompt=r"[A-Za-z0-9][\w.\-]{0,62}(?:\([\w.\-/ ]{1,80}\))?[>#]",
    setup=("terminal length 0", "terminal width 32767"),
    enter="configure terminal",
    leave="end",
    answers=((r"\[confirm\]", ""), (r"\[(?:yes/no|y/n)\][:?]?", "yes")),
)
