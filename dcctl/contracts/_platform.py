"""One operating system: how it is reached, read, changed and upgraded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dcctl.contracts._change import Change
from dcctl.contracts._upgrade import Upgrade


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """The raw answer to one command. For server_shell the text is JSON."""

    command: str
    text: str
    failed: bool = False  # one of the platform's failure patterns answered, or a probe raised


@dataclass(frozen=True, slots=True, kw_only=True)
class Collector:
    """How one topic is read on one platform. `parse` is pure.

    `commands` are read-only commands; for a platform read through `server_shell` each is the
    source of a Python
    probe (standard library only, Python 3.7 or later) that defines `probe() -> JSON data`.
    For one read through `bmc` each is `TLS` (the certificate), or `GET` and the way to resources
    from the service's root, by the names of links; `*` is every member of a collection.
    `parse` gives the fact, or None for a proper answer that holds nothing; raises Unparsed.
    """

    topic: str
    commands: tuple[str, ...]
    parse: Callable[[Sequence[Output]], Any | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One operating system: how it is reached, what it understands, what it must not be told.

    `read_only` are regular expressions, each matched against a whole normalised command.
    `failures` are searched in
    each answer. `netmiko_type` is netmiko's device type for platforms reached through
    `device_session`.
    """

    name: str
    title: str
    executor: str  # device_session | server_shell | bmc
    netmiko_type: str = ""
    read_only: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    volatile: tuple[str, ...] = ()  # lines of the running configuration that change by themselves
    secret_patterns: tuple[str, ...] = ()  # groups named `secret` are redacted in evidence
    collectors: tuple[Collector, ...] = ()
    change: Change | None = None
    upgrade: Upgrade | None = None
    config_command: str = ""  # what shows the running configuration
    config_end: str = ""  # its last line, as an expression; empty: it has no end of its own
    # Of a platform read by probes: one whose answer tells a digest of each file of its
    # configuration, keyed with the `SALT` that is put before it.
    config_probe: str = ""
    beneath: str = ""  # platform of the host beneath it: reads the topics this one can't tell
    beside: str = ""  # platform of its management controller, which tells topics of its own
    # Programs on that host which only read: what `Session.host` may run in a reading session, as
    # expressions of the whole command line.
    host_reads: tuple[str, ...] = ()
    prompt: str = ""  # any prompt of it, in any mode; empty: a usual one
    setup: tuple[str, ...] = ()  # sent once after login: paging off
    enter: str = "configure terminal"  # into configuration mode
    leave: str = "end"  # out of it, from any depth
    logout: str = "exit"  # ends a session at the operational prompt
    answers: tuple[tuple[str, str], ...] = ()  # (question, reply), only in a session that changes
    locked: tuple[str, ...] = ()  # like `failures`: somebody else holds the configuration
    unchanged: tuple[str, ...] = ()  # like `failures`: a commit of what is configured already

    def collector(self, topic: str) -> Collector | None:
        """The collector of `topic`, if the platform has one."""
        return next((collector for collector in self.collectors if collector.topic == topic), None)
