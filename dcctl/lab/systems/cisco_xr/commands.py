"""Which configuration commands exist in which mode, in the order of `show running-config`.

A line is `SYNTAX [=> MODE]`. `=> MODE` opens a section. `~` ends what names the setting: a second
line with the same name replaces the first. Drawn from Cisco's IOS XR 7 command references and
configuration guides for NCS 540 and NCS 5500.
"""

from __future__ import annotations

from functools import cache

from dcctl.lab.elements.grammar import Grammar, Rule
from dcctl.lab.systems.cisco_xr.kinds import KINDS

_FAMILY = "(ipv4|ipv6) (unicast|multicast)"

MODES = {
    "config": """
hostname ~ <word>
banner (motd|login|exec|incoming|prompt-timeout) ~ <line>
clock timezone ~ <word> <line>
clock summer-time ~ <line>
logging trap ~ [<word>]
logging console ~ <line>
logging monitor ~ <line>
logging buffered ~ <line>
logging facility ~ <word>
logging hostnameprefix ~ <word>
logging suppress duplicates
logging events <line>
logging archive => config-logging-arch
logging format ~ <word>
logging ipv4 dscp ~ <word>
logging source-interface ~ <intf> [vrf <word>]
logging <anyip> [vrf <word>] ~ [severity <word>] [port <word>] [operator <word>]
logging tls-server <word> => config-logging-tls-peer
service timestamps (log|debug) ~ <line>
service cli <line>
service ipv4 <line>
telnet <line>
tacacs source-interface <intf> ~ [vrf <word>]
tacacs-server host <anyip> ~ [port <int>] => config-tacacs-host
radius-server host <anyip> ~ [<line>] => config-radius-host
domain name ~ <word>
domain list <word>
domain name-server <anyip>
domain lookup disable
domain lookup source-interface ~ <intf>
username <word> => config-un
usergroup <word> => config-ug
taskgroup <word> => config-tg
aaa authentication (login|ppp) <word> ~ <line>
aaa authorization (exec|commands|eventmanager) <word> ~ <line>
aaa accounting (exec|commands|system|network) <word> ~ <line>
aaa default-taskgroup ~ <word>
aaa password-policy <word> => config-pp
cdp
vrf <word> => config-vrf
tcp <line>
line console => config-line
line default => config-line
line template <word> => config-line
vty-pool (default|eem) ~ <int> <int> [line-template <word>]
snmp-server community <word> ~ [<line>]
snmp-server (location|contact|chassis-id|trap-source|packetsize|queue-length) ~ <line>
snmp-server (host|traps|user|group|view|engineID|ifindex|ifmib|vrf|entityindex) <line>
ntp => config-ntp
bfd => config-bfd
control-plane => config-ctrl
ftp client <line>
tftp client <line>
tftp [vrf <word>] (ipv4|ipv6) server <line>
key chain <word> => config-chain
ptp => config-ptp
frequency synchronization => config-freqsync
call-home => config-call-home
hw-module <line>
lldp => config-lldp
ipv4 netmask-format ~ <word>
ipv4 virtual address <line>
ipv4 unnumbered mpls traffic-eng ~ <intf>
ipv4 conflict-policy ~ <word>
ipv4 access-list <word> => config-ipv4-acl
ipv6 access-list <word> => config-ipv6-acl
ipv4 prefix-list <word> => config-ipv4_pfx
class-map [type <word>] [(match-any|match-all)] <word> => config-cmap
policy-map [type <word>] <word> => config-pmap
flow exporter-map <word> => config-flow-exporter
flow monitor-map <word> => config-flow-monitor
sampler-map <word> => config-sampler
interface <intf> [(l2transport|point-to-point)] => config-if
interface preconfigure <intf> => config-if
controller Optics <loc> => config-Optics
controller CoherentDSP <loc> => config-CoDSP
prefix-set <word> => config-pfx
as-path-set <word> => config-as
community-set <word> => config-comm
extcommunity-set <word> <word> => config-ext
route-policy <line> => config-rpl
router static => config-static
router isis <word> => config-isis
router ospf <word> => config-ospf
router bgp <int:1-4294967295> => config-bgp
l2vpn => config-l2vpn
segment-routing => config-sr
rsvp => config-rsvp
mpls oam => config-oam
mpls traffic-eng => config-mpls-te
mpls ldp => config-ldp
mpls label range ~ <line>
multicast-routing => config-mcast
telemetry model-driven => config-model-driven
netconf-yang agent => config-ncy-agent
netconf agent tty => config-netconf-tty
xml agent tty => config-xml-tty
grpc => config-grpc
http client <line>
http server [ssl]
http server vrf <line>
ssh server v2
ssh server logging
ssh server netconf ~ [port <int>]
ssh server rate-limit ~ <int:1-600>
ssh server session-limit ~ <int:1-110>
ssh server dscp ~ <int:0-63>
ssh server vrf <word> ~ [ipv4 access-list <word>] [ipv6 access-list <word>]
ssh server netconf vrf <word> ~ [ipv4 access-list <word>]
ssh server algorithms (key-exchange|cipher|host-key|mac) ~ <line>
ssh server disable <line>
ssh server tcp-forwarding
ssh client <line>
ssh timeout ~ <int:5-120>
ssh backup-server <line>
crypto <line>
""",
    "config-un": """
group <word>
secret ~ <line>
password ~ <line>
policy ~ <word>
login-history ~ <word>
""",
    "config-line": """
accounting <word> ~ <word>
authorization (exec|commands|eventmanager) ~ <word>
login authentication ~ <word>
exec-timeout ~ <int:0-35791> <int:0-2147483>
session-timeout ~ <int> [output]
session-limit ~ <int>
access-class ingress ~ <word>
access-class egress ~ <word>
absolute-timeout ~ <int>
users group ~ <word>
transport input ~ <line>
transport output ~ <line>
transport preferred ~ <word>
length ~ <int:0-512>
width ~ <int:0-512>
timestamp disable
timeout login response ~ <int>
cli whitespace completion
""",
    "config-vrf": """
description ~ <line>
vpn id ~ <word>
rd ~ <word>
mode ~ <word>
address-family (ipv4|ipv6) (unicast|multicast) => config-vrf-af
""",
    "config-vrf-af": """
import route-target => config-vrf-import-rt
export route-target => config-vrf-export-rt
(import|export) route-policy ~ <word>
maximum prefix ~ <line>
""",
    "config-vrf-import-rt": "<word> [stitching]",
    "config-vrf-export-rt": "<word> [stitching]",
    "config-ntp": """
authenticate
authentication-key <int> ~ <line>
trusted-key <int>
(server|peer) [vrf <word>] <host> ~ [<line>]
source ~ <intf>
source vrf <word> ~ <intf>
access-group [ipv4] (peer|serve|serve-only|query-only) ~ <word>
update-calendar
max-associations ~ <int>
log-internal-sync
interface <intf> => config-ntp-int
""",
    "config-ntp-int": """
disable
broadcast <line>
""",
    "config-bfd": """
multipath include location <loc>
dampening <line>
echo disable
bundle coexistence bob-blb ~ <word>
trap singlehop pre-mapped
interface <intf> => config-bfd-if
""",
    "config-bfd-if": "echo disable\nipv4 source ~ <ip>\ndisable",
    "config-ctrl": "management-plane => config-mpp",
    "config-mpp": "inband => config-mpp-inband\nout-of-band => config-mpp-outband",
    "config-mpp-inband": "interface (all|<intf>) => config-mpp-if",
    "config-mpp-outband": "vrf ~ <word>\ninterface (all|<intf>) => config-mpp-if",
    "config-mpp-if": "allow (SSH|SNMP|Telnet|TFTP|NETCONF|HTTP|XML|all) [peer] => config-mpp-peer",
    "config-mpp-peer": "address (ipv4|ipv6) <line>",
    "config-lldp": """
timer ~ <int:5-65534>
holdtime ~ <int:0-65535>
reinit ~ <int:2-5>
subinterfaces enable
management enable
priorityaddr enable
extended-show-width enable
tlv-select management-address disable
tlv-select (port-description|system-capabilities|system-description|system-name) disable
system-name ~ <word>
system-description ~ <line>
chassis-id <line>
""",
    "config-if": """
description ~ <line>
cdp
mtu ~ <int:64-65535>
service-policy (input|output) <word>
bfd mode ~ <word>
bfd address-family ipv4 (timers start|timers nbr-unconfig|multiplier|destination|minimum-interval) ~ <word>
bfd address-family ipv4 fast-detect
lldp => config-lldp-if
vrf ~ <word>
ipv4 mtu ~ <int:68-65535>
ipv4 address ~ <ip> <ip>
ipv4 address ~ <addr>
ipv4 address <ip> <ip> secondary
ipv4 address <addr> secondary
ipv4 address ~ dhcp
ipv4 unnumbered ~ <intf>
ipv4 point-to-point
ipv4 unreachables disable
ipv4 redirects
ipv4 directed-broadcast
ipv4 verify unicast source reachable-via ~ <line>
ipv4 access-group <word> ~ (ingress|egress)
ipv6 address <line>
ipv6 enable
ipv6 mtu ~ <int>
ipv6 <line>
proxy-arp
arp timeout ~ <int>
speed ~ <word>
duplex ~ <word>
negotiation auto
bundle id ~ <int:1-65535> [mode (on|active|passive)]
bundle port-priority ~ <int>
bundle minimum-active links ~ <int>
bundle maximum-active links ~ <int>
bundle minimum-active bandwidth ~ <int>
bundle wait-while ~ <int>
lacp period short
lacp <line>
encapsulation ~ <line>
rewrite ingress tag <line>
l2transport
carrier-delay ~ <line>
dampening ~ [<line>]
bandwidth ~ <int>
mac-address ~ <word>
load-interval ~ <int:0-600>
logging events link-status
loopback ~ <word>
flow <line>
ptp => config-if-ptp
frequency synchronization => config-freqsync-if
transceiver permit pid all
fec ~ <word>
shutdown
""",
    "config-lldp-if": "receive disable\ntransmit disable\ntagged ~ <word>\nenable",
    "config-if-ptp": """
profile ~ <word>
port state ~ <word>
transport ~ <word>
local-priority ~ <int>
announce interval ~ <line>
sync frequency ~ <int>
delay-request frequency ~ <int>
(master|slave) (ipv4|ethernet) <line>
multicast ~ [<line>]
""",
    "config-freqsync-if": """
selection input
priority ~ <int:1-254>
wait-to-restore ~ <int>
ssm disable
quality (receive|transmit) <line>
""",
    "config-ptp": """
clock => config-ptp-clock
profile <word> => config-ptp-profile
time-of-day priority ~ <int>
physical-layer-frequency
log => config-ptp-log
""",
    "config-ptp-clock": """
domain ~ <int:0-255>
profile ~ <word> [clock-type <word>]
priority1 ~ <int>
priority2 ~ <int>
local-priority ~ <int>
timescale ~ <word>
clock-class ~ <int>
""",
    "config-ptp-profile": """
transport ~ <word>
port state ~ <word>
sync frequency ~ <int>
announce interval ~ <line>
delay-request frequency ~ <int>
local-priority ~ <int>
multicast ~ [<line>]
""",
    "config-freqsync": """
quality itu-t option ~ <line>
clock-interface timing-mode ~ <word>
log selection ~ <word>
system timing-mode clock-only
""",
    "config-ipv4-acl": """
<int:1-2147483647> ~ (permit|deny|remark) <line>
(permit|deny|remark) <line>
""",
    "config-ipv6-acl": """
<int:1-2147483647> ~ (permit|deny|remark) <line>
(permit|deny|remark) <line>
""",
    "config-Optics": """
description ~ <line>
dwdm-carrier ~ <line>
transmit-power ~ <sint>
rx-low-threshold ~ <sint>
speed ~ <word>
breakout ~ <word>
sec-admin-state ~ <word>
perf-mon (enable|disable)
shutdown
""",
    "config-CoDSP": """
description ~ <line>
sec-admin-state ~ <word>
perf-mon (enable|disable)
shutdown
""",
    "config-static": f"""
address-family {_FAMILY} => config-static-afi
vrf <word> => config-static-vrf
""",
    "config-static-vrf": f"address-family {_FAMILY} => config-static-afi",
    "config-static-afi": "<prefix> <line>",
    "config-isis": f"""
is-type ~ (level-1|level-2-only|level-1-2)
net <word>
segment-routing global-block ~ <line>
nsf ~ <word>
distribute link-state ~ [<line>]
log adjacency changes
log pdu drops
lsp-gen-interval ~ <line>
lsp-refresh-interval ~ <int>
lsp-check-interval ~ <int>
lsp-mtu ~ <int>
max-lsp-lifetime ~ <int>
lsp-password ~ <line>
set-overload-bit ~ [<line>]
max-metric ~ [<line>]
nsr
ignore-lsp-errors disable
hello-padding ~ <word>
address-family {_FAMILY} => config-isis-af
interface <intf> => config-isis-if
""",
    "config-isis-af": """
metric-style ~ <line>
metric ~ <line>
advertise passive-only
spf-interval ~ <line>
router-id ~ <word>
mpls traffic-eng <line>
mpls ldp auto-config
maximum-paths ~ <int:1-64>
fast-reroute <line>
microloop avoidance ~ [<line>]
default-information originate ~ [<line>]
redistribute <line>
segment-routing (mpls|srv6) ~ [<line>]
adjacency-check disable
distance ~ <line>
summary-prefix <line>
single-topology
""",
    "config-isis-if": f"""
circuit-type ~ (level-1|level-2-only|level-1-2)
bfd minimum-interval ~ <int:3-30000>
bfd multiplier ~ <int:2-50>
bfd fast-detect (ipv4|ipv6)
passive
suppressed
shutdown
point-to-point
csnp-interval ~ <line>
hello-interval ~ <line>
hello-multiplier ~ <line>
hello-padding ~ <word>
hello-password ~ <line>
lsp-interval ~ <int>
priority ~ <line>
retransmit-interval ~ <int>
mesh-group ~ <word>
address-family {_FAMILY} => config-isis-if-af
""",
    "config-isis-if-af": """
metric ~ <word> [level <int:1-2>]
fast-reroute <line>
mpls ldp sync
tag ~ <int>
prefix-sid <line>
adjacency-sid <line>
disable
""",
    "config-ospf": """
nsr
log adjacency changes ~ [<word>]
router-id ~ <ip>
network ~ <word>
mpls ldp auto-config
mpls ldp sync
mpls traffic-eng router-id ~ <word>
bfd minimum-interval ~ <int:3-30000>
bfd multiplier ~ <int:2-50>
bfd fast-detect
auto-cost reference-bandwidth ~ <int>
timers <line>
max-metric router-lsa ~ [<line>]
nsf ~ <word>
redistribute <line>
default-information originate ~ [<line>]
maximum paths ~ <int>
passive ~ (enable|disable)
area <word> => config-ospf-ar
""",
    "config-ospf-ar": """
bfd minimum-interval ~ <int:3-30000>
bfd multiplier ~ <int:2-50>
bfd fast-detect
mpls traffic-eng
network ~ <word>
(stub|nssa) ~ [<line>]
range <line>
authentication ~ [<line>]
message-digest-key <int> md5 ~ <line>
interface <intf> => config-ospf-ar-if
""",
    "config-ospf-ar-if": """
bfd minimum-interval ~ <int:3-30000>
bfd multiplier ~ <int:2-50>
bfd fast-detect
cost ~ <int:1-65535>
priority ~ <int>
network ~ <word>
hello-interval ~ <int>
dead-interval ~ <int>
mtu-ignore ~ <word>
passive ~ (enable|disable)
mpls ldp sync
authentication ~ [<line>]
authentication-key ~ <line>
message-digest-key <int> md5 ~ <line>
fast-reroute <line>
prefix-sid <line>
""",
    "config-bgp": """
nsr ~ [disable]
timers bgp ~ <line>
bgp router-id ~ <ip>
bgp cluster-id ~ <word>
bgp graceful-restart ~ [<line>]
graceful-maintenance activate ~ [<line>]
bgp log neighbor changes ~ (detail|disable)
bgp (bestpath|confederation|default|enforce-first-as|fast-external-fallover|maximum|redistribute-internal|scan-time|update-delay|write-limit|import-delay|label-delay|auto-policy-soft-reset|as-path-loopcheck|unsafe-ebgp-policy|bfd) ~ [<line>]
ibgp policy out enforce-modifications
default-information originate
address-family (ipv4|ipv6|vpnv4|vpnv6|l2vpn|link-state) (unicast|labeled-unicast|multicast|evpn|vpls-vpws|link-state) => config-bgp-af
session-group <word> => config-bgp-nbr
af-group <word> address-family (ipv4|ipv6|vpnv4|vpnv6|l2vpn) <word> => config-bgp-nbr-af
neighbor-group <word> => config-bgp-nbr
neighbor <anyip> => config-bgp-nbr
vrf <word> => config-bgp-vrf
""",
    "config-bgp-vrf": """
rd ~ <word>
bgp router-id ~ <ip>
address-family (ipv4|ipv6) unicast => config-bgp-af
neighbor <anyip> => config-bgp-nbr
""",
    "config-bgp-af": """
additional-paths <line>
advertise best-external
maximum-paths (ebgp|ibgp|eibgp) ~ <line>
distance bgp ~ <line>
network <prefix> ~ [<line>]
aggregate-address <prefix> ~ [<line>]
redistribute <word> [<int>] ~ [<line>]
nexthop <line>
label mode ~ <word>
allocate-label ~ <line>
table-policy ~ <word>
dampening ~ [<line>]
import delay ~ <line>
""",
    "config-bgp-nbr": """
remote-as ~ <word>
local-as ~ <line>
use (neighbor-group|session-group) ~ <word>
bfd fast-detect ~ [<word>]
bfd multiplier ~ <int>
bfd minimum-interval ~ <int>
ebgp-multihop ~ <line>
ttl-security
timers ~ <line>
password ~ <line>
keychain ~ <word>
shutdown
description ~ <line>
cluster-id ~ <word>
update-source ~ <intf>
graceful-restart ~ [<line>]
graceful-maintenance => config-bgp-nbr-gm
session-open-mode ~ <word>
advertisement-interval ~ <int>
address-family (ipv4|ipv6|vpnv4|vpnv6|l2vpn|link-state) (unicast|labeled-unicast|multicast|evpn|vpls-vpws|link-state) => config-bgp-nbr-af
""",
    "config-bgp-nbr-gm": """
activate
as-prepends ~ <int>
local-preference ~ <int>
""",
    "config-bgp-nbr-af": """
use af-group ~ <word>
route-reflector-client ~ [inheritance-disable]
multipath
allowas-in ~ [<int>]
as-override ~ [<word>]
maximum-prefix ~ <line>
route-policy <line>
next-hop-self ~ [inheritance-disable]
soft-reconfiguration inbound ~ [always]
default-originate ~ [<line>]
remove-private-AS ~ [<line>]
send-community-ebgp ~ [inheritance-disable]
send-extended-community-ebgp ~ [inheritance-disable]
weight ~ <int>
""",
    "config-rsvp": "interface <intf> => config-rsvp-if",
    "config-rsvp-if": "bandwidth ~ [<line>]\nsignalling <line>",
    "config-mpls-te": "interface <intf> => config-mpls-te-if\nauto-tunnel <line>\nreoptimize ~ <line>",
    "config-mpls-te-if": "<line>",
    "config-ldp": """
log => config-ldp-log
nsr
graceful-restart ~ [<line>]
igp sync delay ~ <line>
capabilities <line>
router-id ~ <ip>
session protection ~ [<line>]
discovery <line>
neighbor <ip> password ~ <line>
neighbor <ip> targeted
entropy-label
mldp
address-family (ipv4|ipv6) => config-ldp-af
interface <intf> => config-ldp-if
""",
    "config-ldp-log": "(neighbor|adjacency|graceful-restart|nsr|hello-adjacency|session-protection)",
    "config-ldp-af": """
discovery <line>
label => config-ldp-lbl
redistribute <line>
traffic-eng <line>
""",
    "config-ldp-lbl": "<line>",
    "config-ldp-if": "discovery <line>\nigp <line>\naddress-family (ipv4|ipv6) => config-ldp-if-af",
    "config-ldp-if-af": "<line>",
    "config-ncy-agent": "ssh\nsession ~ <line>\nrate-limit ~ <int>",
    "config-grpc": "port ~ <int>\nno-tls\naddress-family ~ <word>\nvrf ~ <word>",
    "config-chain": "key <int> => config-chain-key\naccept-tolerance ~ <line>",
    "config-chain-key": """
accept-lifetime ~ <line>
key-string ~ <line>
send-lifetime ~ <line>
cryptographic-algorithm ~ <word>
""",
    "config-flow-exporter": """
version (v9|ipfix) => config-flow-version
dscp ~ <int:0-63>
transport udp ~ <int:1-65535>
source ~ <intf>
destination ~ <anyip> [vrf <word>]
""",
    "config-flow-version": "options <line>\ntemplate <line>",
    "config-flow-monitor": """
record ~ (ipv4|ipv6|mpls) [<line>]
exporter <word>
cache (entries|permanent|immediate) ~ [<int>]
cache timeout (active|inactive|update|rate-limit) ~ <int>
""",
    "config-sampler": "random ~ <int> out-of <int>",
    "config-tacacs-host": """
key ~ <line>
timeout ~ <int:1-1000>
single-connection
""",
    "config-pp": """
min-length ~ <int>
max-length ~ <int>
lifetime ~ <line>
lockout-time ~ (days|hours|minutes|seconds) <int>
authen-max-attempts ~ <int:1-24>
""",
    "config-logging-arch": "<line>",
    "config-logging-tls-peer": """
vrf ~ <word>
severity ~ <word>
trustpoint ~ <word>
tls-hostname ~ <word>
address (ipv4|ipv6) ~ <anyip>
""",
}
# What is typed until its end word and kept as one text, and that word.
BLOCKS = {
    "config-pfx": "end-set",
    "config-as": "end-set",
    "config-comm": "end-set",
    "config-ext": "end-set",
    "config-rpl": "end-policy",
}


@cache
def grammar_of(mode: str) -> Grammar:
    """The compiled commands of one mode."""
    return Grammar(tuple(_rules(mode)), KINDS)


def _rules(mode: str) -> list[Rule]:
    """Into a mode that is not modelled further any line goes."""
    rules = []
    for order, line in enumerate(MODES.get(mode, "<line>").strip().splitlines()):
        syntax, _, section = line.partition("=>")
        rules.append(Rule(syntax.strip(), section.strip(), order))
    return rules


@cache
def settings_of(mode: str) -> frozenset[str]:
    """The names of settings of a mode whose value may be left out when they are negated."""
    rules = MODES.get(mode, "").strip().splitlines()
    names = {line.partition("~")[0].strip() for line in rules if "~" in line}
    return frozenset(name for name in names if not set(name) & set("<[(|"))
