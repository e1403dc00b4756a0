"""Which commands tell which topic."""

from __future__ import annotations

from dcctl.contracts import Collector
from dcctl.platforms.nokia_sros import _configuration, _ports, _routing, _system
from dcctl.platforms.nokia_sros._access import device_access
from dcctl.platforms.nokia_sros._change import RUNNING
from dcctl.platforms.nokia_sros._protection import routing_protection

_ROUTER_INTERFACES = "show router interface"

COLLECTORS = (
    Collector(
        topic="version",
        commands=("show version", "show system information", "show chassis detail"),
        parse=_system.version,
    ),
    Collector(
        topic="hardware",
        commands=("show card", "show mda", "show chassis detail"),
        parse=_system.hardware,
    ),
    Collector(
        topic="redundancy",
        commands=("show card", "show redundancy synchronization"),
        parse=_system.redundancy,
    ),
    Collector(topic="alarms", commands=("show system alarms",), parse=_system.alarms),
    Collector(topic="install", commands=("show version", "show bof"), parse=_system.install),
    Collector(topic="time_sync", commands=("show system ntp all",), parse=_system.time_sync),
    Collector(topic="ptp", commands=("show system ptp",), parse=_system.ptp),
    Collector(topic="synce", commands=("show system sync-if-timing",), parse=_system.synce),
    Collector(
        topic="interfaces",
        commands=("show port detail", _ROUTER_INTERFACES),
        parse=_ports.interfaces,
    ),
    Collector(topic="optics", commands=("show port detail",), parse=_ports.optics),
    Collector(topic="lag", commands=("show lag", "show lag port"), parse=_ports.lag),
    Collector(
        topic="isis",
        commands=("show router isis adjacency", _ROUTER_INTERFACES),
        parse=_routing.isis,
    ),
    Collector(
        topic="ospf",
        commands=("show router ospf neighbor", _ROUTER_INTERFACES),
        parse=_routing.ospf,
    ),
    Collector(topic="bgp", commands=("show router bgp summary",), parse=_routing.bgp),
    Collector(
        topic="bfd",
        commands=("show router bfd session", _ROUTER_INTERFACES),
        parse=_routing.bfd,
    ),
    Collector(topic="lldp", commands=("show system lldp neighbor",), parse=_routing.lldp),
    Collector(topic="ldp", commands=("show router ldp session",), parse=_routing.ldp),
    Collector(topic="routes", commands=("show router route-table summary",), parse=_routing.routes),
    Collector(topic="logging", commands=(RUNNING,), parse=_configuration.logging),
    Collector(topic="management", commands=(RUNNING,), parse=_configuration.management),
    Collector(topic="device_access", commands=(RUNNING,), parse=device_access),
    Collector(topic="routing_protection", commands=(RUNNING,), parse=routing_protection),
    Collector(topic="startup", commands=("show system information",), parse=_system.startup),
)
