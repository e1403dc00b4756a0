"""Cisco IOS XE 16 and 17: routers of the ASR, NCS and Catalyst 8000 lines."""

from dcctl.contracts import Platform
from dcctl.platforms.cisco_xe._change import CHANGE, RUNNING
from dcctl.platforms.cisco_xe._collectors import COLLECTORS
from dcctl.platforms.cisco_xe.upgrade import UPGRADE

_WORD = r"[\w./:*,+=-]+"
_FILTER = rf" \| (?:include|exclude|begin|section|count)(?: {_WORD}){{1,6}}"

PLATFORM = Platform(
    name="cisco_xe",
    title="Cisco IOS XE",
    executor="device_session",
    netmiko_type="cisco_xe",
    # Only whole words: an abbreviation may mean something else in the next release.
    read_only=(
        rf"show(?: {_WORD}){{1,12}}(?:{_FILTER})?",
        r"ping(?: vrf [\w-]+)? [\w.:-]+(?: repeat \d{1,2})?",
        r"traceroute(?: vrf [\w-]+)? [\w.:-]+",
        r"dir(?: (?:stby-)?(?:bootflash|flash|harddisk|nvram|usb\d):[\w./-]*)?",
        r"verify /(?:md5|sha512) (?:stby-)?(?:bootflash|flash|harddisk):[\w./+-]+",
    ),
    failures=(
        r"^\s*% ?(?:Invalid|Incomplete|Ambiguous|Unrecognized|Unknown|Bad|Error|ERROR|Not enough)",
        r"^\s*% ?(?:Cannot|Can't|Duplicate|Specify|Authorization failed|Access denied|Permission)",
        r"^\s*%.*(?:overlaps with|not (?:allowed|supported|permitted)|is locked|failed)",
        r"^Command authorization failed",
        r"^(?:Error|ERROR):",
    ),
    locked=(
        r"^%?\s*Configuration (?:mode )?(?:is )?locked",
        r"^%\s*Rollback Confirmed Change is already in progress",
    ),
    volatile=(
        r"! Last configuration change.*",
        r"! NVRAM config last updated.*",
        r"Current configuration : \d+ bytes",
        r"ntp clock-period \d+",
    ),
    secret_patterns=(
        r"\b(?:secret|password|key(?! chain)|key-string)(?: \d)? (?P<secret>[^\s]{4,})",
        r"snmp-server community (?P<secret>\S+)",
        r"(?:md5|hmac-\S+|sha\S*) (?:\d )?(?P<secret>\S{8,})(?: \d)?$",
    ),
    collectors=COLLECTORS,
    change=CHANGE,
    upgrade=UPGRADE,
    config_command=RUNNING,
    config_end="end",
    prompt=r"[A-Za-z0-9][\w.\-/]{0,62}(?:\([\w.\-/ ]{1,60}\))?[>#]",
    setup=("terminal length 0",),
    enter="configure terminal",
    leave="end",
    answers=(
        (r"\[confirm\]", ""),
        (r"Destination filename \[[^\]\n]*\]\?", ""),
        (r"\(?yes/\[?no\]?\)?[:?]?|\[yes/no\][:?]?", "yes"),
    ),
)
