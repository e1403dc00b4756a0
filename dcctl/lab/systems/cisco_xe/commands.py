"""Which configuration commands exist in which mode, in the order in which `show running-config` writes them.

A line is `[+|!]SYNTAX [=> MODE]`. `+` is on by default: only its negation is shown. `!` is shown either way. All
others are off by default: only what is set is shown. `=> MODE` opens a section. `~` ends what names the setting: a second line with the same name replaces the first. Drawn from Cisco's IOS XE 17
command references and configuration guides.
"""

from __future__ import annotations

from functools import cache

from dcctl.lab.elements.grammar import Grammar, Rule
from dcctl.lab.systems.cisco_xe.kinds import KINDS

MODES = {
    "config": """
version ~ <word>
service nagle
+service pad [to-xot|cmns]
service tcp-keepalives-in
service tcp-keepalives-out
service timestamps (debug|log) ~ [datetime [msec] [localtime] [show-timezone] [year]]
service timestamps (debug|log) ~ uptime
service password-encryption
service sequence-numbers
!service call-home
service finger
+service config
+service dhcp
service unsupported-transceiver
service internal
service compress-config
platform ~ <line>
hostname ~ <word>
boot-start-marker
boot system <line>
boot-end-marker
vrf definition <word> => config-vrf
security passwords min-length ~ <int:0-16>
security authentication failure rate ~ <line>
logging discriminator <word> ~ <line>
+logging on
logging count
logging userinfo
logging queue-limit ~ <line>
logging buffered ~ [<line>]
logging persistent ~ [<line>]
logging rate-limit ~ <line>
+logging console ~ [<word>]
+logging monitor ~ [<word>]
logging cns-events ~ <word>
enable secret ~ <line>
enable password ~ <line>
aaa new-model
aaa group server (tacacs+|radius) <word> => config-sg
aaa authentication (login|enable|ppp|dot1x) <word> ~ <line>
aaa authentication (attempts|password-prompt|username-prompt|banner|fail-message) ~ <line>
aaa authorization (exec|network|console|config-commands) ~ [<line>]
aaa authorization commands <int:0-15> <word> ~ <line>
aaa accounting (exec|network|system|connection|commands|update) ~ <line>
aaa accounting commands <int:0-15> <word> ~ <line>
aaa session-id ~ <word>
aaa local authentication attempts max-fail ~ <int:1-65535>
aaa common-criteria policy <word> => config-cc-policy
clock timezone ~ <word> <sint> [<int:0-59>]
clock summer-time ~ <line>
clock calendar-valid
+ip source-route
+ip gratuitous-arps
+ip icmp (rate-limit|redirect) ~ <line>
+ip routing
+ip cef [distributed]
+ip bootp server
ip dhcp bootp ignore
ip finger
+ip domain (lookup|lookup source-interface <intf>)
+ip domain-lookup
ip domain name ~ <word>
ip domain-name ~ <word>
ip domain list <word>
ip name-server <line>
ip host <word> ~ <line>
ip multicast-routing [distributed]
login block-for ~ <line>
login delay ~ <int:1-10>
login quiet-mode access-class ~ <word>
login on-failure ~ [<line>]
login on-success ~ [<line>]
ipv6 unicast-routing
ipv6 <line>
vtp <line>
network-clock <line>
ptp clock (ordinary|boundary) <line> => config-ptp-clk
+mpls ip
mpls label <line>
mpls ldp router-id ~ <intf> [force]
mpls ldp <line>
mpls traffic-eng tunnels
mpls <line>
multilink bundle-name ~ <line>
key chain <word> => config-keychain
crypto <line> => config-crypto
license <line>
memory <line>
diagnostic <line>
spanning-tree <line>
archive => config-archive
username <word> ~ <line>
redundancy => config-red
bfd-template single-hop <word> => config-bfd
lldp run
lldp (timer|holdtime|reinit) ~ <int:0-65535>
lldp tlv-select <word>
cdp run
cdp (timer|holdtime) ~ <int:5-255>
track <line>
ip tcp <word> ~ [<line>]
ip ssh version ~ <int:1-2>
ip ssh (time-out|authentication-retries|maxstartups|rekey) ~ <line>
ip ssh source-interface ~ <intf>
ip ssh logging events
ip ssh dh min size ~ <int:1024-4096>
ip ssh server algorithm (encryption|mac|kex|hostkey|authentication|publickey) ~ <line>
ip ssh client algorithm (encryption|mac|kex|hostkey) ~ <line>
ip ssh pubkey-chain => config-pubkey
class-map [(match-any|match-all)] <word> => config-cmap
policy-map [type <word>] <word> => config-pmap
flow exporter <word> => config-flow-exporter
flow monitor <word> => config-flow-monitor
interface <intf> => config-if
router isis [<word>] => config-router-isis
router ospf <int:1-65535> [vrf <word>] => config-router-ospf
router bgp <int:1-4294967295> => config-router-bgp
ip forward-protocol ~ <line>
!ip http server
ip http authentication ~ <line>
!ip http secure-server
ip http (access-class|client|path|port|secure-port|secure-ciphersuite|tls-version|max-connections|timeout-policy|active-session-modules|secure-active-session-modules) ~ <line>
ip ftp <line>
tftp-server <line>
ip tftp source-interface ~ <intf>
ip tacacs source-interface ~ <intf> [vrf <word>]
ip radius source-interface ~ <intf> [vrf <word>]
ip scp server enable
file prompt ~ (quiet|noisy|alert)
ip route <line>
ip access-list standard <word> => config-std-nacl
ip access-list extended <word> => config-ext-nacl
ip access-list <line>
ip prefix-list <word> [seq <int>] ~ (permit|deny|description) <line>
ip as-path <line>
ip community-list <line>
ip sla <line>
logging trap ~ [<word>]
logging facility ~ <word>
logging origin-id ~ <line>
logging source-interface <intf> ~ [vrf <word>]
logging host <host> ~ [<line>]
logging <ip>
logging event <line>
logging alarm ~ <line>
access-list <word> <line>
route-map <word> [(permit|deny) [<int:0-65535>]] => config-route-map
snmp-server community <word> ~ [<line>]
snmp-server (location|contact|chassis-id|trap-source|source-interface|ifindex|queue-length|system-shutdown|packetsize) ~ [<line>]
snmp-server (enable|group|user|view|host|engineID|context|manager|trap|file-transfer) <line>
tacacs server <word> => config-server
radius server <word> => config-server
tacacs-server <line>
radius-server <line>
control-plane [host] => config-cp
banner (motd|login|exec|incoming) ~ <line>
alias <line>
privilege <line>
line con <int:0-0> => config-line
line aux <int:0-0> => config-line
line vty <int:0-97> [<int:0-97>] => config-line
call-home => config-call-home
ntp logging
ntp authentication-key <int:1-4294967295> ~ <line>
ntp authenticate
ntp trusted-key <line>
ntp source ~ <intf>
ntp access-group (peer|serve|serve-only|query-only) ~ <line>
ntp (passive|panic|master|max-associations|maxdistance|update-calendar|clock-period|allow) ~ [<line>]
ntp server [vrf <word>] <host> ~ [<line>]
ntp peer [vrf <word>] <host> ~ [<line>]
event manager applet <word> => config-applet
netconf-yang [feature <line>]
netconf-yang ssh <line>
restconf
gnxi <line>
telemetry <line>
errdisable <line>
scheduler <line>
exception <line>
config-register ~ <word>
hw-module <line>
subscriber templating
""",
    "config-if": """
description ~ <line>
switchport [<line>]
bandwidth ~ <line>
delay ~ <int>
mtu ~ <int:64-9676>
mac-address ~ <word>
encapsulation dot1q ~ <int:1-4094> [<line>]
vrf forwarding ~ <word>
ip address ~ <ip> <ip>
ip address <ip> <ip> secondary
ip address ~ (dhcp|negotiated)
ip unnumbered ~ <intf>
+ip redirects
+ip unreachables
+ip proxy-arp
ip directed-broadcast
ip mask-reply
+ip route-cache
ip mtu ~ <int:68-9676>
ip access-group <word> ~ (in|out)
ip verify unicast <line>
ip pim ~ <word>
ip nat ~ <word>
ip tcp adjust-mss ~ <int>
ip helper-address <ip>
ip flow monitor <word> [(sampler) <word>] (input|output)
ip flow (ingress|egress)
ip router isis ~ [<word>]
ip ospf <int:1-65535> ~ area <word>
ip ospf message-digest-key <int:1-255> ~ md5 <line>
ip ospf (cost|priority|hello-interval|dead-interval|network|authentication|bfd|mtu-ignore) ~ [<line>]
load-interval ~ <int:30-600>
shutdown
speed ~ <word>
duplex ~ <word>
media-type ~ <word>
!negotiation auto
+keepalive [<int>]
carrier-delay ~ <line>
dampening ~ [<line>]
+cdp enable
+lldp (transmit|receive)
+mop (enabled|sysid)
ipv6 address <line>
ipv6 <line>
mpls ip
+mpls ldp igp (autoconfig|sync)
mpls mtu ~ <line>
mpls traffic-eng tunnels
mpls <line>
ip rsvp bandwidth ~ [<line>]
tunnel (source|destination|mode) ~ <line>
tunnel mpls traffic-eng <line>
synchronous mode
lacp <line>
channel-group ~ <line>
service-policy (input|output) ~ <word>
hold-queue <int> ~ (in|out)
bfd template ~ <word>
bfd interval ~ <int:50-9999> min_rx <int:50-9999> multiplier <int:3-50>
+bfd echo
clns mtu ~ <int>
clns router isis ~ [<word>]
isis circuit-type ~ (level-1|level-1-2|level-2-only)
isis network ~ point-to-point
isis metric ~ <int:1-16777214> [(level-1|level-2)]
isis authentication (mode|key-chain|send-only) ~ <line>
isis (password|priority|hello-interval|hello-multiplier|lsp-interval|retransmit-interval|csnp-interval|tag|mesh-group|three-way-handshake|fast-reroute|protocol) ~ <line>
+isis hello padding
!isis bfd
snmp trap <line>
logging event <line>
spanning-tree <line>
storm-control <line>
""",
    "config-router-isis": """
net ~ <word>
is-type ~ (level-1|level-1-2|level-2-only)
authentication mode ~ <line>
authentication key-chain ~ <line>
authentication send-only ~ [<line>]
+hello padding [<line>]
metric-style ~ (wide|narrow|transition) [<line>]
metric ~ <int>
fast-flood ~ [<line>]
set-overload-bit ~ [<line>]
max-lsp-lifetime ~ <int>
lsp-refresh-interval ~ <int>
lsp-mtu ~ <int>
spf-interval ~ <line>
prc-interval ~ <line>
lsp-gen-interval ~ <line>
log-adjacency-changes [all]
nsf ~ <line>
advertise passive-only
distance ~ <line>
domain-password ~ <line>
area-password ~ <line>
maximum-paths ~ <int:1-32>
default-information originate
redistribute <line>
summary-address <line>
passive-interface ~default
!passive-interface <intf>
segment-routing <line>
fast-reroute <line>
microloop avoidance ~ [<line>]
mpls <line>
bfd all-interfaces
ignore-lsp-errors
ispf <word>
external overload signalling
address-family (ipv4|ipv6) [(unicast|multicast)] => config-router-af
""",
    "config-router-ospf": """
router-id ~ <ip>
log-adjacency-changes ~ [detail]
auto-cost reference-bandwidth ~ <int>
shutdown
passive-interface ~default
!passive-interface <intf>
network <ip> <ip> ~ area <word>
area <word> <line>
redistribute <line>
max-metric <line>
timers <line>
default-information <line>
maximum-paths ~ <int>
bfd all-interfaces
mpls ldp (autoconfig|sync) [<line>]
mpls traffic-eng <line>
""",
    "config-router-bgp": """
bgp router-id ~ <host>
bgp cluster-id ~ <line>
!bgp log-neighbor-changes
+bgp default (ipv4-unicast|route-target filter)
bgp graceful-restart ~ [<line>]
bgp graceful-shutdown all (neighbors|vrfs) ~ <line>
bgp (asnotation|bestpath|confederation|dampening|deterministic-med|always-compare-med|fast-external-fallover|maxas-limit|nexthop|update-delay|listen|enforce-first-as|redistribute-internal|scan-time) ~ [<line>]
timers bgp ~ <line>
neighbor <host> remote-as ~ <word>
neighbor <host> peer-group ~ [<word>]
neighbor <host> local-as ~ <line>
neighbor <host> description ~ <line>
neighbor <host> (password|ebgp-multihop|update-source|version|timers|ttl-security|transport|fall-over|disable-connected-check|log-neighbor-changes|maximum-prefix|allowas-in|weight|unsuppress-map|advertisement-interval) ~ [<line>]
neighbor <host> shutdown
neighbor <host> shutdown graceful ~ <line>
neighbor <host> (activate|next-hop-self|route-reflector-client|as-override|remove-private-as|soft-reconfiguration|default-originate|send-label|inherit) ~ [<line>]
neighbor <host> send-community ~ [(both|standard|extended)]
neighbor <host> route-map <word> ~ (in|out)
neighbor <host> prefix-list <word> ~ (in|out)
neighbor <host> filter-list <word> ~ (in|out)
network <ip> [mask <ip>] [route-map <word>]
aggregate-address <line>
redistribute <line>
maximum-paths [ibgp] ~ <int:1-32>
distance <line>
!auto-summary
synchronization
template (peer-policy|peer-session) <word> => config-router-af
address-family (ipv4|ipv6|vpnv4|vpnv6|l2vpn|link-state|rtfilter) [(unicast|multicast|mdt|evpn|link-state|vrf <word>)] => config-router-af
""",
    "config-line": """
session-timeout ~ <line>
access-class <word> ~ (in|out) [<line>]
exec-timeout ~ <int:0-35791> [<int:0-2147483>]
timeout login response ~ <int>
privilege level ~ <int:0-15>
password ~ <line>
logging synchronous ~ [<line>]
login ~ [local]
login authentication ~ <word>
authorization (exec|commands) ~ <line>
accounting <line>
+exec
ipv6 <line>
length ~ <int:0-512>
width ~ <int:0-512>
history size ~ <int>
rotary ~ <int>
transport preferred ~ <word>
transport input ~ <line>
transport output ~ <line>
stopbits ~ <word>
speed ~ <int>
escape-character ~ <word>
absolute-timeout ~ <int>
session-limit ~ <int>
""",
    "config-archive": """
log config => config-archive-log-cfg
path ~ <word>
maximum ~ <int:1-14>
write-memory
time-period ~ <int:1-525600>
rollback <line>
""",
    "config-archive-log-cfg": """
logging enable
logging size ~ <int:1-1000>
logging persistent ~ [<word>]
notify syslog [contenttype <word>]
hidekeys
record rc
""",
    "config-vrf": """
rd ~ <word>
description ~ <line>
vpn id ~ <word>
route-target (export|import|both) <word>
address-family (ipv4|ipv6) => config-router-af
""",
    "config-keychain": "key <int> => config-keychain-key",
    "config-keychain-key": """
key-string ~ <line>
accept-lifetime ~ <line>
send-lifetime ~ <line>
cryptographic-algorithm ~ <word>
""",
    "config-std-nacl": """
remark <line>
<int:1-2147483647> ~ (permit|deny|remark) <line>
(permit|deny) <line>
""",
    "config-ext-nacl": """
remark <line>
<int:1-2147483647> ~ (permit|deny|remark) <line>
(permit|deny) <line>
""",
    "config-bfd": """
interval ~ <line>
echo
authentication <line>
dampening <line>
""",
    "config-ptp-clk": "clock-port <word> (master|slave) => config-ptp-port",
    "config-ptp-port": """
transport ~ <line>
clock source ~ <line>
clock destination ~ <line>
""",
    "config-router-af": "<line>",
    "config-route-map": "<line>",
    "config-sg": "<line>",
    "config-server": "<line>",
    "config-cc-policy": "<line>",
    "config-flow-exporter": """
description ~ <line>
destination ~ <ip> [vrf <word>]
source ~ <intf>
transport udp ~ <int:1-65535>
export-protocol ~ (netflow-v5|netflow-v9|ipfix)
template data timeout ~ <int>
""",
    "config-flow-monitor": """
description ~ <line>
exporter <word>
cache (entries|type) ~ <word>
cache timeout (active|inactive|update) ~ <int>
record ~ <line>
statistics packet protocol
""",
    "config-crypto": "<line>",
    "config-red": "<line>",
    "config-pubkey": "<line>",
    "config-cmap": "<line>",
    "config-pmap": """
description ~ <line>
class <word> => config-pmap-c
""",
    "config-pmap-c": """
(bandwidth|priority|police|shape|queue-limit|random-detect|fair-queue) ~ [<line>]
(set|service-policy) <line>
""",
    "config-cp": "<line>",
    "config-call-home": "<line>",
    "config-applet": "<line>",
}
PROMPTS = {
    "config-router-isis": "config-router",
    "config-router-ospf": "config-router",
    "config-router-bgp": "config-router",
    "config-server": "config-server-tacacs",
    "config-crypto": "ca-trustpoint",
}
# One address family knows what its protocol knows.
_BORROWS = {"config-router-af": "config-router-bgp"}


@cache
def grammar_of(mode: str) -> Grammar:
    """The compiled commands of one mode."""
    return Grammar(tuple(_rules(mode)), KINDS)


def _rules(mode: str) -> list[Rule]:
    own = MODES[mode].strip().splitlines()
    borrowed = MODES[_BORROWS[mode]].strip().splitlines() if mode in _BORROWS else []
    rules = []
    for order, line in enumerate((*borrowed, *own)):
        syntax, _, section = line.partition("=>")
        flag = syntax[0] if syntax[0] in "+!" else ""
        rules.append(Rule(syntax.lstrip("+!").strip(), section.strip(), order, flag))
    return rules
