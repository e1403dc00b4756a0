"""What `show` answers about the box itself: version, inventory, interfaces, clock, logging, users."""

from __future__ import annotations

from datetime import UTC, datetime

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.model import Port
from dcctl.lab.elements.spans import in_words
from dcctl.lab.elements.tree import EMPTY, value, values
from dcctl.lab.systems.cisco_xe import kinds
from dcctl.lab.systems.cisco_xe.scene import Scene, moment
from dcctl.lab.systems.cisco_xe.software import installed, padded


def version(scene: Scene) -> str:
    """`show version`."""
    chassis, element = scene.element.chassis, scene.element
    release, bundle = element.software.release, installed(element).bundle
    reason = {"power": "PowerOn"}.get(element.software.reason, element.software.reason)
    return f"""\
Cisco IOS XE Software, Version {padded(release)}
Cisco IOS Software [Cupertino], ASR1000 Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version {release}, RELEASE SOFTWARE (fc3)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2023 by Cisco Systems, Inc.
Compiled Fri 20-Oct-23 10:44 by mcpre


Cisco IOS-XE software, Copyright (c) 2005-2023 by cisco Systems, Inc.
All rights reserved.  Certain components of Cisco IOS-XE software are
licensed under the GNU General Public License ("GPL") Version 2.0.  The
software code licensed under GPL Version 2.0 is free software that comes
with ABSOLUTELY NO WARRANTY.


ROM: 17.3(1r)

{scene.hostname} uptime is {in_words(scene.around.now - element.booted, ", ")}
Uptime for this control processor is {in_words(scene.around.now - element.booted + 120, ", ")}
System returned to ROM by {reason or "Reload Command"}
System restarted at {moment(element.booted)}
System image file is "{bundle or "bootflash:packages.conf"}"
Last reload reason: {reason or "Reload Command"}


Technology Package License Information:

-----------------------------------------------------------------
Technology-package                                     Technology-package
Current                        Type                       Next reboot
-----------------------------------------------------------------
adventerprise                  Smart License              adventerprise

The current throughput level is 20000000 kbps

Smart Licensing Status: Smart Licensing Using Policy

cisco {chassis.model} ({chassis.model}) processor (revision {chassis.model}) with 3764044K/6147K bytes of memory.
Processor board ID {chassis.serial}
Router operating mode: Autonomous
{_port_counts(scene)}32768K bytes of non-volatile configuration memory.
8388608K bytes of physical memory.
29138943K bytes of eUSB flash at bootflash:.

Configuration register is 0x2102

"""


def _port_counts(scene: Scene) -> str:
    names = [kinds.kind_of(port.name) for port in scene.element.chassis.ports]
    rows = []
    for kind in dict.fromkeys(names):
        words = kind.removesuffix("GigE").removesuffix("GigabitEthernet").removesuffix("Ethernet")
        speed = f"{words} Gigabit" if words and kind != "FastEthernet" else words or "Gigabit"
        count = names.count(kind)
        rows.append(f"{count} {speed} Ethernet interface{'s' if count != 1 else ''}\n")
    return "".join(rows)


def inventory(scene: Scene) -> str:
    """`show inventory`."""
    chassis = scene.element.chassis
    written = [
        _item("Chassis", f"Cisco {chassis.model} Chassis", chassis.model, chassis.serial),
        _item(
            "Power Supply Module 0", "AC Power Supply", "ASR1K-PWR-AC", f"ART{chassis.serial[3:]}A"
        ),
        _item(
            "Power Supply Module 1", "AC Power Supply", "ASR1K-PWR-AC", f"ART{chassis.serial[3:]}B"
        ),
        _item(
            "module R0",
            f"Cisco {chassis.model} Route Processor",
            chassis.model,
            f"{chassis.serial}R",
        ),
    ]
    for number, port in enumerate(optical(scene)):
        kind = "SFP+ 10GBASE-LR" if "Ten" in port.name else "1000BASE-LX SFP"
        product = "SFP-10G-LR" if "Ten" in port.name else "GLC-LH-SMD"
        written.append(
            _item(f"subslot 0/0 transceiver {number}", kind, product, _optic_serial(scene, port))
        )
    return "\n".join(written)


def _item(name: str, description: str, product: str, serial: str) -> str:
    return f'NAME: "{name}", DESCR: "{description}"\nPID: {product:<18}, VID: V01  , SN: {serial}\n'


def _optic_serial(scene: Scene, port: Port) -> str:
    return f"AVD{int(spread(f'{scene.element.chassis.name} {port.name}', 1e6, 9e6)):07d}X"


def optical(scene: Scene) -> list[Port]:
    """The ports with a transceiver."""
    management = scene.element.chassis.management_port
    return [port for port in scene.element.chassis.ports if port.optic and port.name != management]


def clock(scene: Scene) -> str:
    """`show clock [detail]`."""
    at = datetime.fromtimestamp(scene.around.clock, UTC)
    mark = "" if scene.around.synchronised else "*"
    zone = value(scene.tree, "clock timezone", "UTC 0").split()
    shown = datetime.fromtimestamp(scene.around.clock + 3600 * int(zone[1]), UTC)
    milli = at.microsecond // 1000
    return f"{mark}{shown:%H:%M:%S}.{milli:03d} {zone[0]} {shown:%a %b} {shown.day} {shown.year}\n"


def users(scene: Scene) -> str:
    """`show users`."""
    rows = [
        f"{'*' if one.number == scene.terminal.number else ' '} {index + 1:>2} vty {index}     "
        f"{one.user:<10} idle                 00:00:00 {one.peer}"
        for index, one in enumerate(scene.around.users)
    ]
    head = "    Line       User       Host(s)              Idle       Location"
    tail = "\n  Interface    User               Mode         Idle     Peer Address\n"
    return "\n".join([head, *rows, tail])


def ip_ssh(scene: Scene) -> str:
    """`show ip ssh`."""
    running = scene.tree
    v2 = value(running, "ip ssh version") == "2"
    timeout = value(running, "ip ssh time-out", "120")
    tries = value(running, "ip ssh authentication-retries", "3")
    return f"""\
SSH Enabled - version {"2.0" if v2 else "1.99"}
Authentication methods:publickey,keyboard-interactive,password
Authentication Publickey Algorithms:x509v3-ssh-rsa,ssh-rsa,ecdsa-sha2-nistp256,ssh-ed25519,rsa-sha2-256,rsa-sha2-512
Hostkey Algorithms:rsa-sha2-512,rsa-sha2-256,ssh-rsa
Encryption Algorithms:chacha20-poly1305@openssh.com,aes128-gcm@openssh.com,aes256-gcm@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr
MAC Algorithms:hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com
KEX Algorithms:curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group14-sha256,diffie-hellman-group16-sha512
Authentication timeout: {timeout} secs; Authentication retries: {tries}
Minimum expected Diffie Hellman key size : 2048 bits
IOS Keys in SECSH format(ssh-rsa, base64 encoded): {scene.hostname}.lab
"""


def logging(scene: Scene) -> str:
    """`show logging`."""
    running = scene.tree
    trap = value(running, "logging trap", "informational")
    hosts = []
    for line in values(running, "logging host"):
        words = line.split()
        host = words[2] if words[0] == "vrf" else words[0]
        protocol = "tls" if "tls" in words else "tcp" if "tcp" in words else "udp"
        number = (
            words[words.index("port") + 1]
            if "port" in words
            else {"tls": "6514", "tcp": "601"}.get(protocol, "514")
        )
        hosts.append(
            f"        Logging to {host}  ({protocol} port {number}, audit disabled,\n"
            f"              link up),\n"
            f"              {len(scene.element.messages)} message lines logged, \n"
            "              0 message lines rate-limited, \n"
            "              0 message lines dropped-by-MD, \n"
            "              xml disabled, sequence number disabled\n"
            "              filtering disabled\n"
        )
    console = (
        "disabled"
        if "no logging console" in running
        else "level debugging, 0 messages logged, xml disabled,\n                     filtering disabled"
    )
    size = value(running, "logging buffered", "4096").split()[0]
    count = len(scene.element.messages)
    kept = "".join(f"{line}\n" for line in scene.element.messages)
    return f"""\
Syslog logging: enabled (0 messages dropped, 0 messages rate-limited, 0 flushes, 0 overruns, xml disabled, filtering disabled)

No Active Message Discriminator.



No Inactive Message Discriminator.


    Console logging: {console}
    Monitor logging: level debugging, 0 messages logged, xml disabled,
                     filtering disabled
    Buffer logging:  level debugging, {count} messages logged, xml disabled,
                    filtering disabled
    Exception Logging: size (4096 bytes)
    Count and timestamp logging messages: disabled
    Persistent logging: disabled

No active filter modules.

    Trap logging: level {trap}, {count} message lines logged
{"".join(hosts)}        Logging Source-Interface:       VRF Name:

Log Buffer ({size if size.isdecimal() else 4096} bytes):

{kept}"""


def _source(text: str) -> str:
    return "subslot 0/0" if text.startswith("Module") else "Power Supply Module 1"


def alarms(scene: Scene) -> str:
    """`show facility-alarm status`."""
    rows = [
        (_source(one.text), one.since, one.severity.upper(), one.text)
        for one in scene.around.alarms
    ]
    for name, section in scene.interfaces():
        admin, oper = scene.state(name, section)
        if admin and not oper and name in scene.around.ports:
            rows.append((name, scene.port(name).since, "CRITICAL", "Physical Port Link Down"))
    counts = {
        level: sum(row[2] == level for row in rows) for level in ("CRITICAL", "MAJOR", "MINOR")
    }
    written = [
        "System Totals  "
        + "  ".join(f"{level.title()}: {count}" for level, count in counts.items()),
        "",
        "Source                     Time                   Severity      Description [Index]",
        "------                     ------                 --------      -------------------",
    ]
    for source, since, level, text in rows:
        at = datetime.fromtimestamp(since or scene.element.booted, UTC)
        written.append(f"{source:<26} {at:%b %d %Y %H:%M:%S}   {level:<13} {text} [1]")
    return "\n".join([*written, ""])


def archive(scene: Scene) -> str:
    """`show archive`."""
    settings = scene.tree.get("archive", EMPTY)
    path = value(settings, "path")
    if not path:
        return " Archive feature not enabled\n"
    kept = scene.element.history
    rows = [
        f"The maximum archive configurations allowed is {value(settings, 'maximum', '10')}.",
        f"There are currently {len(kept)} archive configurations saved.",
        f"The next archive file will be named {path}-<timestamp>-{len(kept)}",
        " Archive #  Name",
    ]
    for number, saved in enumerate(reversed(kept), start=1):
        latest = " <- Most Recent" if number == len(kept) else ""
        rows.append(f"   {number:<8} {archive_name(path, saved.time, number - 1)}{latest}")
    return "\n".join([*rows, ""])


def archive_name(path: str, time: float, number: int) -> str:
    """The name that the archive gives a file."""
    at = datetime.fromtimestamp(time, UTC)
    return f"{path}-{at:%b-%d-%H-%M-%S}.{at.microsecond // 1000:03d}-{number}"
