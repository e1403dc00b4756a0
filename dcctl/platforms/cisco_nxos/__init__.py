"""Cisco NX-OS 7 to 10: Nexus 3000, 7000 and 9000 switches."""

from dcctl.contracts import Platform
from dcctl.platforms.cisco_nxos._change import CHANGE, RUNNING
from dcctl.platforms.cisco_nxos._collectors import COLLECTORS
from dcctl.platforms.cisco_nxos.upgrade import UPGRADE

_WORD = r"[\w./:*,+=@-]+"
_FILTER = (
    rf" \| (?:json|json-pretty|no-more|(?:include|exclude|begin|section|count|grep|egrep|last)"
    rf"(?: {_WORD}){{0,6}})"
)

PLATFORM = Platform(
    name="cisco_nxos",
    title="Cisco NX-OS",
    executor="device_session",
    netmiko_type="cisco_nxos",
    # Only whole words: an abbreviation may mean something else in the next release.
    read_only=(
        rf"show(?: {_WORD}){{1,12}}(?:{_FILTER}){{0,3}}",
        r"ping [\w.:-]+(?: count \d{1,2})?(?: vrf [\w-]+)?",
        r"traceroute [\w.:-]+(?: vrf [\w-]+)?",
        r"dir(?: (?:bootflash|volatile|logflash|usb\d):[\w./-]*)?",
    ),
    failures=(
        r"^\s*% ?(?:Invalid|Incomplete|Ambiguous|Unrecognized|Unknown|Bad)",
        r"^\s*% ?(?:Permission|Authorization)",
        r"^\s*(?:ERROR|Error):",
        r"^\s*% .*(?:denied|failed|not allowed|not permitted|overlaps|does not exist|not enabled)",
        r"^\s*Rollback (?:failed|aborted)",
        r"^\s*(?:Syntax error|Cmd exec error)",
    ),
    volatile=(
        r"!Command: .*",
        r"!Running configuration last done at: .*",
        r"!Time: .*",
        r"!No configuration change since last restart",
    ),
    secret_patterns=(
        r"\b(?:password|secret|key(?! chain)|key-string|auth md5|priv)(?: \d)? (?P<secret>\S{4,})",
        r"\b(?<!-type )md5(?: \d)? (?P<secret>[^\s]{4,})",
        r"snmp-server (?:community|user) (?P<secret>\S+)",
        r"(?P<secret>\$(?:1|5|8|9)\$\S+)",
    ),
    collectors=COLLECTORS,
    change=CHANGE,
    upgrade=UPGRADE,
    config_command=RUNNING,
    prompt=r"[A-Za-z0-9][\w.\-]{0,62}(?:\([\w.\-/ ]{1,60}\))?[>#]",
    setup=("terminal length 0", "terminal width 511"),
    enter="configure terminal",
    leave="end",
    answers=(
        (r"\(y/n\)[:?]?\s*(?:\[[yn]\])?", "y"),
        (r"\(yes/no\)[:?]?\s*(?:\[\w+\])?", "yes"),
    ),
)
