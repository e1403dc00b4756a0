# Keyed digests of the files that say how a server is configured: a fixed list, one folder deep.
# SALT stands before it: the same for both looks of one reading, and then forgotten.
import hashlib
import hmac

FILES = [
    "/etc/audit/auditd.conf",
    "/etc/chrony.conf",
    "/etc/chrony/chrony.conf",
    "/etc/crontab",
    "/etc/default/grub",
    "/etc/exports",
    "/etc/fstab",
    "/etc/group",
    "/etc/gshadow",
    "/etc/hostname",
    "/etc/hosts",
    "/etc/login.defs",
    "/etc/network/interfaces",
    "/etc/nftables.conf",
    "/etc/nsswitch.conf",
    "/etc/ntp.conf",
    "/etc/passwd",
    "/etc/resolv.conf",
    "/etc/rsyslog.conf",
    "/etc/shadow",
    "/etc/snmp/snmpd.conf",
    "/etc/ssh/sshd_config",
    "/etc/sudoers",
    "/etc/sysctl.conf",
    "/etc/systemd/journald.conf",
    "/etc/systemd/timesyncd.conf",
    "/etc/apt/sources.list",
    "/etc/ceph/ceph.conf",
    "/proc/cmdline",
    "/proc/sys/kernel/hostname",
]
FOLDERS = [
    "/etc/apt/sources.list.d",
    "/etc/audit/rules.d",
    "/etc/chrony/conf.d",
    "/etc/cron.d",
    "/etc/modprobe.d",
    "/etc/netplan",
    "/etc/network/interfaces.d",
    "/etc/nftables.d",
    "/etc/pam.d",
    "/etc/rsyslog.d",
    "/etc/security",
    "/etc/ssh/sshd_config.d",
    "/etc/sudoers.d",
    "/etc/sysctl.d",
    "/etc/systemd/network",
]
MOST, LARGEST = 100, 1000000


def digest(path):
    try:
        if not os.path.isfile(path):
            return None
        with open(path, "rb") as file:
            content = file.read(LARGEST)
    except OSError as error:
        return "unread: %s" % error.strerror
    return hmac.new(SALT.encode(), content, hashlib.sha256).hexdigest()


def probe():
    inside = [os.path.join(folder, name) for folder in FOLDERS for name in names(folder)[:MOST]]
    found = ((path, digest(path)) for path in FILES + inside)
    return {path: value for path, value in found if value is not None}
