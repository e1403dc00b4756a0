"""Which configuration commands exist in which mode, in the order in which NX-OS shows them.

Drawn from the Nexus 9000 configuration guides (9.3). `@ FEATURE` marks what `feature` brings.
Those of every mode are tables of `elements.indented`.
"""

from __future__ import annotations

FEATURES = (
    "bash-shell",
    "bfd",
    "bgp",
    "dhcp",
    "eigrp",
    "hsrp",
    "interface-vlan",
    "isis",
    "lacp",
    "lldp",
    "mpls ldp",
    "mpls segment-routing",
    "mpls traffic-engineering",
    "netconf",
    "ngoam",
    "nv overlay",
    "nxapi",
    "ospf",
    "ospfv3",
    "pim",
    "ptp",
    "restconf",
    "scheduler",
    "scp-server",
    "netflow",
    "sftp-server",
    "ssh",
    "tacacs+",
    "telnet",
    "udld",
    "vpc",
    "vrrp",
)
_FEATURE_LINES = "\n".join(
    f"feature {name}" for name in FEATURES if name not in ("ssh", "mpls ldp")
)

MODES = {
    "config": f"""
version ~ <line>
system mode maintenance
hostname ~ <word>
vdc <word> id <int> => any
install feature-set mpls
feature-set mpls @ install mpls
{_FEATURE_LINES}
feature mpls ldp @ feature-set mpls
+feature ssh
+password strength-check
username <word> ~ <line>
banner (motd|exec) ~ <line>
+ip domain-lookup
ip domain-name ~ <word>
ip name-server ~ <line>
ip host <word> ~ <line>
copp profile ~ <word>
snmp-server user <word> ~ <line>
snmp-server community <word> ~ <line>
snmp-server (contact|location) ~ <line>
snmp-server <line>
rmon <line>
ntp server <host> ~ [<line>]
ntp peer <host> ~ [<line>]
ntp source-interface ~ <intf>
ntp source ~ <ip>
ntp authenticate
ntp authentication-key <int> ~ <line>
ntp trusted-key <int>
ntp access-group <word> ~ <word>
ntp logging
aaa group server (tacacs+|radius) <word> => any
aaa authentication login (default|console) ~ <line>
aaa authentication login error-enable
aaa authorization (commands|config-commands) default ~ <line>
aaa accounting default ~ <line>
tacacs-server <line> @ tacacs+
radius-server <line>
ip access-list <word> => acl
ipv6 access-list <word> => acl
ip prefix-list <word> [seq <int>] ~ (permit|deny|description) <line>
ip community-list <line>
ip as-path access-list <line>
ip route <prefix> <line>
route-map <word> [(permit|deny) [<int:0-65535>]] => route-map
class-map <line> => any
policy-map <line> => any
flow exporter <word> => any @ netflow
flow monitor <word> => any @ netflow
system qos => any
system default switchport [shutdown]
system jumbomtu ~ <int:1500-9216>
system nve <line>
vlan <word> => vlan
vrf context <word> => vrf
key chain <word> => keychain
spanning-tree <line>
hardware <line>
errdisable <line>
lldp (holdtime|timer|reinit) ~ <int> @ lldp
lldp tlv-select <word> @ lldp
bfd interval ~ <int:50-999> min_rx <int:50-999> multiplier <int:1-50> @ bfd
bfd echo-interface ~ <intf> @ bfd
bfd startup-timer ~ <int> @ bfd
bfd slow-timer ~ <int> @ bfd
ptp source ~ <ip> @ ptp
ptp domain ~ <int:0-128> @ ptp
ptp device-type ~ <word> @ ptp
ptp (priority1|priority2) ~ <int:0-255> @ ptp
ptp <line> @ ptp
mpls ldp configuration => mpls-ldp @ mpls ldp
mpls static configuration => any
nxapi (http|https) port ~ <int>
nxapi <line> @ nxapi
interface <intf> => if
cli alias name <word> ~ <line>
line console => line
line vty => line
boot nxos ~ <word>
scheduler aaa-authentication ~ <line> @ scheduler
scheduler logfile size ~ <int> @ scheduler
scheduler job name <word> => job @ scheduler
scheduler schedule name <word> => schedule @ scheduler
router isis <word> => router-isis @ isis
router ospf <word> => router-ospf @ ospf
router bgp <word> => router-bgp @ bgp
event manager applet <word> => any
logging origin-id ~ <line>
logging logfile <word> ~ <line>
+logging console ~ [<int:0-7>]
+logging monitor ~ [<int:0-7>]
+logging module ~ [<int:0-7>]
logging level <word> ~ <int:0-7>
logging server <host> ~ [<line>]
logging source-interface ~ <intf>
logging timestamp ~ (microseconds|milliseconds|seconds)
logging event <line>
clock timezone ~ <word> <hours> <int:0-59>
clock summer-time ~ <line>
clock protocol ~ <word>
login on-failure log
login on-success log
login block-for ~ <line>
login quiet-mode access-class ~ <word>
ssh login-attempts ~ <int:1-10>
ssh key <line>
ssh idle-timeout ~ <int>
icam <line>
""",
    "if": """
description ~ <line>
+switchport
switchport mode ~ <word>
switchport access vlan ~ <int:1-4094>
switchport trunk (native|allowed) vlan ~ <line>
mtu ~ <int:576-9216>
bandwidth ~ <int>
delay ~ <int>
speed ~ <word>
duplex ~ <word>
fec ~ <word>
+negotiate auto
medium ~ (p2p|broadcast)
mac-address ~ <word>
load-interval ~ <line>
carrier-delay ~ <line>
link debounce ~ <line>
encapsulation dot1q ~ <int:1-4094>
channel-group ~ <int:1-4096> [force] [mode (on|active|passive)]
lacp (rate|port-priority) ~ <line> @ lacp
+lacp suspend-individual @ lacp
vrf member ~ <word>
bfd interval ~ <int:50-999> min_rx <int:50-999> multiplier <int:1-50> @ bfd
+bfd echo @ bfd
bfd (authentication|optimize) <line> @ bfd
+ip redirects
+ip unreachables
+ip proxy-arp
ip address ~ <prefix>
ip address <prefix> secondary
ip address ~ dhcp
ip unnumbered ~ <intf>
ip access-group <word> ~ (in|out)
ip flow monitor <word> ~ (input|output) @ netflow
ip (verify|pim|arp|directed-broadcast|policy) ~ <line>
ipv6 address <line>
ipv6 (nd|link-local|router) <line>
isis network ~ point-to-point @ isis
isis circuit-type ~ (level-1|level-1-2|level-2) @ isis
isis metric ~ <int:1-16777215> (level-1|level-2) @ isis
!isis passive-interface (level-1|level-2|level-1-2) @ isis
isis bfd ~ [disable] @ isis
+isis hello-padding [<line>] @ isis
isis (hello-interval|hello-multiplier|priority|authentication-type|authentication|authentication-check|lsp-interval|mtu-check|mesh-group|retransmit-interval|csnp-interval|prefix-suppression) ~ <line> @ isis
ip router isis ~ <word> @ isis
ipv6 router isis ~ <word> @ isis
ip ospf (cost|network|priority|hello-interval|dead-interval|authentication|authentication-key|message-digest-key) ~ [<line>] @ ospf
ip ospf bfd @ ospf
ip ospf mtu-ignore @ ospf
!ip ospf passive-interface @ ospf
ip router ospf <word> ~ area <area> @ ospf
mpls ip @ mpls ldp
mpls (ip|static) forwarding
ptp @ ptp
ptp (vlan|announce|delay-request|sync|transport) ~ <line> @ ptp
+lldp (transmit|receive) @ lldp
+cdp enable
spanning-tree <line>
storm-control <line>
service-policy <line>
+snmp trap link-status
logging event port <line>
udld <line> @ udld
!shutdown
""",
    "keychain": "key <int> => keychain-key\n",
    "keychain-key": """
key-string ~ <line>
accept-lifetime ~ <line>
send-lifetime ~ <line>
cryptographic-algorithm ~ <word>
""",
    "router-isis": """
net ~ <word>
is-type ~ (level-1|level-1-2|level-2)
bfd @ bfd
+log-adjacency-changes
set-overload-bit ~ <line>
metric-style <word>
passive-interface default ~ (level-1|level-2|level-1-2)
authentication-type ~ <line>
authentication key-chain ~ <line>
authentication-check ~ <word>
reference-bandwidth ~ <line>
isolate
max-lsp-lifetime ~ <int>
lsp-mtu ~ <int>
lsp-gen-interval <line>
spf-interval <line>
distance ~ <int>
maximum-paths ~ <int:1-64>
redistribute <line>
summary-address <line>
default-information <line>
+hostname dynamic
graceful-restart [t3 manual <int>]
distribute <line>
shutdown
address-family (ipv4|ipv6) unicast => router-isis-af
vrf <word> => router-isis
""",
    "router-isis-af": """
maximum-paths ~ <int:1-64>
redistribute <line>
default-information <line>
distance ~ <int>
multi-topology [<word>]
segment-routing mpls
bfd @ bfd
""",
    "router-ospf": """
bfd @ bfd
router-id ~ <ip>
area <area> <line>
network <prefix> ~ area <area>
redistribute <line>
log-adjacency-changes ~ [detail]
auto-cost reference-bandwidth ~ <line>
max-metric router-lsa ~ [<line>]
isolate
maximum-paths ~ <int:1-64>
passive-interface default
default-information <line>
timers <line>
mpls ldp (autoconfig|sync) <line> @ mpls ldp
mpls ldp sync @ mpls ldp
distance ~ <int>
graceful-restart ~ [<line>]
shutdown
vrf <word> => router-ospf
""",
    "router-bgp": """
router-id ~ <ip>
cluster-id ~ <word>
timers bgp ~ <line>
timers <line>
+graceful-restart
graceful-restart <line>
graceful-shutdown activate ~ [route-map <word>]
+graceful-shutdown aware
isolate
bestpath <line>
maxas-limit ~ <int>
reconnect-interval ~ <int>
+log-neighbor-changes
+enforce-first-as
+fast-external-fallover
suppress-fib-pending
confederation <line>
address-family (ipv4|ipv6|vpnv4|vpnv6|l2vpn|link-state) [(unicast|multicast|labeled-unicast|evpn)] => router-af
template (peer|peer-policy|peer-session) <word> => neighbor
neighbor <host> => neighbor
vrf <word> => router-bgp
shutdown
""",
    "router-af": """
network <prefix> ~ [route-map <word>]
aggregate-address <prefix> ~ [<line>]
redistribute <line>
maximum-paths ~ <int:1-64>
maximum-paths ibgp ~ <int:1-64>
nexthop <line>
dampening ~ [<line>]
additional-paths <line>
table-map ~ <line>
default-information originate
distance ~ <line>
retain route-target <line>
allocate-label <line>
advertise <line>
""",
    "neighbor": """
inherit (peer|peer-session) ~ <word>
remote-as ~ <word>
local-as ~ <line>
description ~ <line>
bfd ~ [<word>] @ bfd
update-source ~ <intf>
ebgp-multihop ~ <int:2-255>
password ~ <line>
timers ~ <int> <int>
ttl-security hops ~ <int>
disable-connected-check
dynamic-capability
low-memory exempt
log-neighbor-changes ~ [disable]
remove-private-as ~ [<word>]
graceful-shutdown activate ~ [route-map <word>]
transport <line>
maximum-peers ~ <int>
shutdown
address-family (ipv4|ipv6|vpnv4|vpnv6|l2vpn|link-state) [(unicast|multicast|labeled-unicast|evpn)] => neighbor-af
""",
    "neighbor-af": """
inherit peer-policy ~ <line>
allowas-in ~ [<int>]
send-community
send-community (extended|both|standard)
route-reflector-client
next-hop-self ~ [all]
next-hop-third-party
default-originate ~ [<line>]
disable-peer-as-check
as-override
maximum-prefix ~ <line>
prefix-list <word> ~ (in|out)
route-map <word> ~ (in|out)
filter-list <word> ~ (in|out)
soft-reconfiguration inbound ~ [always]
weight ~ <int>
advertise-map <line>
capability <line>
""",
    "mpls-ldp": """
router-id ~ <intf> [force]
explicit-null ~ [<line>]
advertise-labels <line>
neighbor <line>
session protection ~ [<line>]
graceful-restart ~ [<line>]
discovery <line>
password <line>
nsr
""",
    "acl": """
statistics per-entry
fragments ~ <word>
<int:1-4294967295> ~ (permit|deny|remark) <line>
(permit|deny|remark) <line>
""",
    "line": """
exec-timeout ~ <int:0-525600>
session-limit ~ <int:1-64>
access-class <word> ~ (in|out)
speed ~ <int>
databits ~ <int>
parity ~ <word>
stopbits ~ <int>
logout-warning ~ <int>
absolute-timeout ~ <int>
""",
    "vrf": """
description ~ <line>
ip route <prefix> <line>
ip name-server ~ <line>
ip domain-name ~ <word>
rd ~ <word>
vni ~ <int>
address-family (ipv4|ipv6) unicast => any
""",
    "vlan": "name ~ <word>\nvn-segment ~ <int>\nstate ~ <word>\nshutdown\n",
    "route-map": "description ~ <line>\nmatch <line>\nset <line>\ncontinue ~ <int>\n",
    "job": "<line>",
    "schedule": """
job name <word>
time start ~ <time> [repeat <time>]
time (daily|weekly|monthly) ~ <line>
""",
    "any": "<line>",
}
