"""The host's packet filter."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPort:
    """One port that input rules accept; `sources` are the only networks let in, none: anybody."""

    protocol: str
    port: int
    to_port: int | None = None  # the end of a range
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Firewall:
    """nftables as loaded. `default_deny_input`: what no rule accepts is dropped or rejected."""

    tables: tuple[str, ...]  # "inet filter"
    input_policy: str = ""  # accept | drop; empty: no input chain
    forward_policy: str = ""
    default_deny_input: bool = False
    default_deny_output: bool = False
    accepts_all: tuple[str, ...] = ()  # input rules that accept without looking at anything
    open_ports: tuple[OpenPort, ...] = ()
    enabled_at_boot: bool | None = None


FACT = Firewall
