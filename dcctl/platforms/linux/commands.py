"""What may be asked of a server by hand: commands that can only read, whatever their arguments.

Each expression must fit the whole command. Option letters are listed one by one, since neighbours
of harmless ones are not (`ss -K` kills sockets, `journalctl --vacuum` deletes, `date -s` sets).
`systemctl show` and `cat` tell the environment of units, which may hold secrets.
"""

_UNIT = r"[A-Za-z0-9][\w@.:-]*"
_PATH = r"/(?:[\w+-][\w.+-]*/?)*"  # no part may start with a dot
_NAME = r"[A-Za-z0-9][\w.+-]*"
_SHOW = r"(?: (?:show|list|ls))?"

READ_ONLY = (
    r"uptime|hostname|date|date -u|who|w|id|lsblk|lscpu|lsmem|lspci|findmnt|mount|free|free -h",
    r"uname(?: -[amnrsv]+)?",
    r"last -n \d{1,3}",
    rf"df(?: -[hilTP]+)*(?: {_PATH})?",
    rf"lsblk(?: -[fmJp]+)*(?: {_PATH})?",
    r"ss(?: -[tulnpaexmoi46Hs]+)+",
    rf"ip(?: -(?:4|6|j|s|br|d|o))* (?:a|addr|address|l|link|r|route|n|neigh|rule|netns){_SHOW}",
    rf"ip(?: -(?:4|6|j|s|br|d))* (?:addr|address|link|neigh) show(?: dev)? {_NAME}",
    r"ip(?: -(?:4|6|j))* route get [0-9A-Fa-f.:]+",
    rf"systemctl (?:status|is-active|is-enabled|is-failed) {_UNIT}(?: --no-pager)?",
    r"systemctl(?: --failed| is-system-running)",
    r"systemctl list-(?:units|timers|unit-files|sockets)(?: --(?:all|no-pager|type=[a-z,]+))*",
    rf"journalctl --no-pager -n \d{{1,4}}(?: -u {_UNIT}| -p [a-z]{{3,7}}| -b| -k| -r)*",
    r"chronyc(?: -n| -c)* (?:tracking|sources|sourcestats|activity|ntpdata)",
    r"timedatectl(?: status| show)?|hostnamectl(?: status)?|localectl(?: status)?",
    r"nft(?: -j| -a| -n)* list (?:ruleset|tables|chains)",
    rf"btrfs (?:filesystem (?:show|df|usage)|device stats|scrub status) {_PATH}",
    rf"dpkg -l(?: {_NAME})?|dpkg-query -W|apt-cache policy(?: {_NAME})?|rpm -qa",
    r"lldpctl|lldpcli show neighbors",
    r"cat /etc/(?:os-release|debian_version|hosts|hostname|resolv\.conf|fstab|timezone|motd)",
    r"cat /proc/(?:uptime|loadavg|meminfo|cpuinfo|mdstat|mounts|version|cmdline|net/dev)",
)
