"""FRRouting 8 to 10 on Debian, its vtysh as login shell."""

from dcctl.contracts import Platform
from dcctl.platforms.frr._change import CHANGE, RUNNING
from dcctl.platforms.frr._collectors import COLLECTORS
from dcctl.platforms.frr.upgrade import HOST_READS, UPGRADE

_WORD = r"[\w./:*,+=-]+"

PLATFORM = Platform(
    name="frr",
    title="FRRouting",
    executor="device_session",
    netmiko_type="cisco_ios",  # vtysh speaks the same tongue
    read_only=(
        rf"show(?: {_WORD}){{1,12}}(?: \| include(?: {_WORD}){{1,6}})?",
        # No ping: vtysh knows no count, and Debian's ping without one never ends.
        r"traceroute [\w.:-]+",
    ),
    host_reads=HOST_READS,
    failures=(
        r"^\s*% ?(?:Unknown|Command incomplete|Ambiguous|There is no matched|Malformed|Invalid)",
        r"^\s*% ?(?:Configuration failed|Create the |Can't|Cannot|Specify|Error|Failed|No such)",
        r"^line \d+: % ",
        r"VTY configuration is locked",
    ),
    volatile=(r"frr version .*",),
    secret_patterns=(
        (
            r"\b(?:password|secret|md5|authentication-key|message-digest-key \d+ md5)"
            r"(?: \d)? (?P<secret>[^\s]{4,})"
        ),
        r"isis password (?:md5|clear) (?P<secret>\S+)",
    ),
    collectors=COLLECTORS,
    change=CHANGE,
    upgrade=UPGRADE,
    config_command=RUNNING,
    config_end="end",
    prompt=r"[A-Za-z0-9][\w.\-]{0,62}(?:\([\w.\-/ ]{1,60}\))?[>#]",
    beneath="linux",  # its time, log and LLDP are Debian's
    setup=("terminal length 0",),
    enter="configure terminal",
    leave="end",
)
