"""Huawei VRP8 (NetEngine 8000, NE40E, ATN) and VRP5 (AR, S): routers and switches."""

from dcctl.contracts import Platform
from dcctl.platforms.huawei_vrp._change import CHANGE, RUNNING
from dcctl.platforms.huawei_vrp._collectors import COLLECTORS
from dcctl.platforms.huawei_vrp.upgrade import UPGRADE

_WORD = r"[\w./:*,+=-]+"
_FILTER = rf" \| (?:include|exclude|begin|count|no-more)(?: {_WORD}){{0,6}}"

PLATFORM = Platform(
    name="huawei_vrp",
    title="Huawei VRP",
    executor="device_session",
    netmiko_type="huawei_vrpv8",
    # `display` reads whatever follows it; what writes are redirections (`> FILE`), which no word
    # here can hold, and pipes that are not listed.
    read_only=(
        rf"display(?: {_WORD}){{1,12}}(?:{_FILTER})?",
        r"ping(?: -c \d{1,2})?(?: -a [\d.]+)?(?: -vpn-instance [\w-]+)? [\w.:-]+",
        r"tracert(?: -vpn-instance [\w-]+)? [\w.:-]+",
        r"dir(?: (?:slave#)?(?:cfcard|flash):[\w./-]*)?",
    ),
    failures=(
        r"^\s*(?:Error|ERROR)\s*:.*",
        r"^\s*(?:Unrecognized|Incomplete|Ambiguous|Wrong parameter|Too many parameters).*",
        r"^\s*Failed to .*",
        r"^\s*Warning: (?!.*cannot be recycled).*(?:not take effect|cannot be|failed).*",
    ),
    locked=(
        r"^\s*Error: The system is in trial configuration mode",
        r"^\s*Error: The configuration is locked by other users?\b",
    ),
    unchanged=(r"^\s*(?:Error|Warning|Info): .*\b[Nn]o (?:\w+ )?configuration\b.*\bcommit",),
    volatile=(r"!Last configuration was .*", r"!Software Version.*", r"#"),
    secret_patterns=(
        r"(?:irreversible-cipher|cipher|simple|plain) (?P<secret>[^\s]{4,})",
        r"snmp-agent community (?:read|write) (?!cipher)(?P<secret>\S+)",
        r"authentication-mode (?:md5|hmac-\S+) (?!cipher |plain |simple )(?P<secret>\S+)",
        r"(?P<secret>\$1[a-d]\$\S+|%[\^@]%[#$]\S+)",
    ),
    collectors=COLLECTORS,
    change=CHANGE,
    upgrade=UPGRADE,
    config_command=RUNNING,
    config_end="return",
    # <NAME>, [NAME-view]; `~`: nothing waits to be committed, `*`: something does; HRP_M: a pair.
    prompt=r"(?:HRP_[MS])?(?:<[^<>\n]{1,80}>|\[[~*]?[^\[\]\n ]{1,120}\])",
    setup=("screen-length 0 temporary",),
    enter="system-view",
    leave="return",
    logout="quit",
    answers=(
        # Leaving with something uncommitted: what was not committed is not wanted.
        (r"\[Y(?:\(yes\))?/N(?:\(no\))?/C(?:\(cancel\))?\]:?", "N"),
        (r"\[[Yy](?:\(yes\))?/[Nn](?:\(no\))?\]:?|\(y/n\)\[n\]:?", "Y"),
        (r"\[[\w./-]+\.(?:zip|cfg)\]:?", ""),
    ),
)
