"""Cisco IOS XR 6 and 7: routers of the NCS 540, NCS 5500, ASR 9000 and 8000 lines."""

from dcctl.contracts import Platform
from dcctl.platforms.cisco_xr._change import CHANGE, RUNNING
from dcctl.platforms.cisco_xr._collectors import COLLECTORS
from dcctl.platforms.cisco_xr.upgrade import UPGRADE

_WORD = r"[\w./:*,+=-]+"
_FILTER = rf" \| (?:include|exclude|begin|section|count)(?: {_WORD}){{1,6}}"
_HOW = r"(?: (?:encrypted|clear|password|text|hmac-\S+|\d{1,2}))*"
_HIDDEN = r"(?!chain\b|encrypted\b|clear\b)(?P<secret>\S{4,})"

PLATFORM = Platform(
    name="cisco_xr",
    title="Cisco IOS XR",
    executor="device_session",
    netmiko_type="cisco_xr",
    # Only whole words: an abbreviation may mean something else in the next release. What gathers
    # for the vendor's support writes a file.
    read_only=(
        rf"(?:admin )?show(?! tech-support\b)(?: {_WORD}){{1,12}}(?:{_FILTER})?",
        r"ping(?: vrf [\w-]+)? [\w.:-]+(?: count \d{1,2})?",
        r"traceroute(?: vrf [\w-]+)? [\w.:-]+",
        r"dir(?: (?:disk0|harddisk|bootflash|usb):[\w./-]*)?",
    ),
    failures=(
        r"^\s*% ?(?:Invalid|Incomplete|Ambiguous|Unrecognized|Unknown|Bad|Error|ERROR)",
        r"^\s*% ?(?:Cannot|Can't|Permission|Access denied|Authorization failed|Not authorized)",
        r"^\s*%.*(?:is locked|not authorized|authorization failed)",
        r"^(?:This command is not authorized|Cannot enter exclusive mode|ERROR:)",
    ),
    locked=(r"^Cannot enter exclusive mode", r"(?:is|namespace is) locked by another agent"),
    unchanged=(r"^\s*% ?No configuration changes to commit",),
    volatile=(
        r"!! Last configuration change at .*",
        r"(?:!! )?Building configuration\.\.\.",
        r"\w{3} \w{3} +\d+ \d\d:\d\d:\d\d\.\d+ [\w+:-]+",
    ),
    secret_patterns=(
        rf"\b(?:secret|password|key|key-string|\w+-password){_HOW} {_HIDDEN}",
        r"snmp-server community (?P<secret>\S+)",
        rf"\b(?:auth (?:md5|sha)|priv (?:aes \d+|3des|des56)|md5){_HOW} (?P<secret>\S+)",
    ),
    collectors=COLLECTORS,
    change=CHANGE,
    upgrade=UPGRADE,
    config_command=RUNNING,
    config_end="end",
    prompt=r"(?:RP|LC)/\d+/[\w/]+:[\w.\-]{1,63}(?:\([\w.\-/: ]{1,60}\))?#",
    setup=(
        "terminal length 0",
        "terminal width 511",
        "terminal exec prompt no-timestamp",
    ),
    enter="configure exclusive",
    leave="abort",  # `end` would ask what is to become of the candidate
    answers=(
        (r"Uncommitted changes found.*\[cancel\]:?", "no"),
        (r"Do you wish to exit\? ?\[no\]:?", "yes"),  # asked only where a trial is taken back
        (r"Do you wish to proceed with this commit anyway\? ?\[no\]:?", "no"),
        (r"Destination filename \[[^\]\n]*\]\?", ""),
        (r"Delete \S+\[confirm\]", ""),
        (r"[Cc]ontinue\?\s*\[yes/no\]:? ?\[yes\]", "yes"),  # of an install that reloads
    ),
)
