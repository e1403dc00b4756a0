"""What the devices of the benchmark's fleet are: said to its server and to every client.

Imports nothing: each client is measured with the libraries of its own alone.
"""

from __future__ import annotations

USER, PASSWORD, PORT = "bench", "bench-password-1", 2201
PROMPT = "bench-device#"
VERSION = "\r\n".join(
    [
        "Cisco IOS XE Software, Version 17.09.04a",
        "Cisco IOS Software [Cupertino], c8000be Software (X86_64), Version 17.9.4a, RELEASE (fc3)",
        *(f"line {n} of what a device says of its software and licences" for n in range(25)),
        "bench-device uptime is 3 weeks, 2 days, 1 hour, 5 minutes",
        "Configuration register is 0x2102",
        "",
    ]
)
RUNNING = "\r\n".join(
    [
        "Building configuration...",
        "Current configuration : 9000 bytes",
        *(
            line
            for n in range(100)
            for line in (
                f"interface GigabitEthernet0/0/{n}",
                f" description uplink {n}",
                f" mtu {9000 + n}",
            )
        ),
        "end",
        "",
    ]
)
ANSWERS = {"show version": VERSION, "show running-config": RUNNING}


def address(number: int) -> str:
    """The address of device `number`, counted from 0."""
    return f"127.100.{number // 250}.{number % 250 + 1}"
