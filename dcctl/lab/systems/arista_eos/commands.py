"""Which configuration commands exist in which mode, in the order in which EOS shows them.

Drawn from the EOS User Manual (4.28). Those of every mode are tables of `elements.indented`.
"""

from __future__ import annotations

MODES = {
    "config": """
boot system <line>
alias <word> <line>
daemon <word> => daemon
+switchport default mode <word>
transceiver qsfp default-mode ~ <word>
queue-monitor <line>
+load-interval default ~ <int>
service routing protocols model ~ (ribd|multi-agent)
service <line>
logging buffered ~ <line>
+logging console ~ [<word>]
+logging monitor ~ [<word>]
logging trap ~ <word>
logging host <host> ~ [<line>]
logging vrf <word> host <host> ~ [<line>]
logging format timestamp ~ <line>
logging format hostname ~ <word>
logging [vrf <word>] source-interface ~ <intf>
logging synchronous ~ [<line>]
logging facility ~ <word>
logging level <word> ~ <word>
hostname ~ <word>
ip name-server [vrf <word>] <host>
ip domain lookup ~ <line>
dns domain ~ <word>
ip domain-name ~ <word>
lldp timer ~ <int>
lldp hold-time ~ <int>
lldp reinit ~ <int>
lldp management-address ~ <line>
+lldp run
ntp authenticate
ntp authentication-key <int> ~ <line>
ntp trusted-key <line>
ntp local-interface [vrf <word>] ~ <intf>
ntp serve ~ <line>
ntp server vrf <word> <host> ~ [<line>]
ntp server <host> ~ [<line>]
ptp mode ~ <word>
ptp domain ~ <int:0-127>
ptp profile ~ <word>
ptp source ip ~ <ip>
ptp priority1 ~ <int:0-255>
ptp priority2 ~ <int:0-255>
redundancy => redundancy
sflow destination <ip> [<int>]
sflow vrf <word> destination <ip> [<int>]
sflow source-interface ~ <intf>
sflow (sample|polling-interval) ~ <line>
sflow run
snmp-server community <word> ~ [<line>]
snmp-server (contact|location|engineID|local-interface|chassis-id) ~ <line>
snmp-server <line>
+spanning-tree
spanning-tree mode ~ <word>
spanning-tree <line>
tacacs-server <line>
radius-server <line>
aaa group server (tacacs+|radius) <word> => any
aaa authentication (login|enable) (default|console) ~ <line>
aaa authentication policy <line>
aaa authorization (exec|console|serial-console|config-commands) ~ [<line>]
aaa authorization commands <word> ~ <line>
aaa accounting (exec|system|dot1x) ~ <line>
aaa accounting commands <word> ~ <line>
aaa root ~ <line>
!aaa root
enable (secret|password) ~ <line>
username <word> ~ <line>
username <word> ssh-key <line>
role <word> => any
clock timezone ~ <word>
vlan <word> => vlan
vrf instance <word> => vrf
interface <intf> => if
mac address-table <line>
ip virtual-router <line>
ip access-list standard <word> => std-acl
ip access-list <word> => acl
!ip routing
!ip routing vrf <word>
ipv6 unicast-routing
ip prefix-list <word> => ip-pfx
ip prefix-list <word> <line>
ip community-list <line>
ip route [vrf <word>] <prefix> <line>
ip ssh <line>
ip tacacs <line>
ip radius <line>
ip ftp <line>
ip icmp <line>
mpls ip
mpls ldp => mpls-ldp
mpls rsvp => mpls-rsvp
mpls <line>
control-plane => cp
class-map <line> => any
policy-map <line> => any
route-map <word> [(permit|deny) [<int:1-65535>]] => route-map
peer-filter <word> => any
router bfd => router-bfd
router bgp <word> => router-bgp
router isis <word> => router-isis
router ospf <int:1-65535> [vrf <word>] => router-ospf
router traffic-engineering => any
router general => any
router multicast => any
banner (motd|login) ~ <line>
management console => mgmt
management ssh => mgmt
management telnet => mgmt
management security => mgmt
management api http-commands => mgmt
management api gnmi => mgmt
management api netconf => mgmt
event-handler <word> => any
schedule <word> ~ <line>
monitor <line>
maintenance => maintenance
mlag configuration => mlag
errdisable <line>
hardware <line>
platform <line>
""",
    "if": """
description ~ <line>
+logging event link-status
load-interval ~ <int:0-600>
mtu ~ <int:68-9216>
bandwidth ~ <int>
shutdown
carrier-delay ~ <line>
link-debounce ~ <line>
speed ~ <line>
error-correction encoding ~ <line>
flowcontrol <word> ~ <word>
+switchport
switchport access vlan ~ <int:1-4094>
switchport trunk (native|allowed) vlan ~ <line>
switchport mode ~ <word>
switchport <line>
channel-group <int:1-2000> ~ mode (on|active|passive)
lacp (rate|port-priority|timer) ~ <line>
mlag ~ <int:1-2000>
encapsulation dot1q vlan ~ <int:1-4094>
vrf ~ <word>
ip address ~ <prefix>
ip address <prefix> secondary
ip address ~ dhcp
ip access-group <word> ~ (in|out)
ip ospf area ~ <area>
ip ospf (cost|network|priority|hello-interval|dead-interval|authentication|authentication-key|message-digest-key) ~ [<line>]
ip ospf neighbor bfd
ip ospf mtu-ignore
ip (helper-address|nat|pim|igmp|urpf|verify|proxy-arp|local-proxy-arp|virtual-router) ~ [<line>]
ipv6 enable
ipv6 address <line>
ipv6 (nd|ospf|access-group) <line>
bfd interval ~ <int:50-60000> (min-rx|min_rx) <int:50-60000> multiplier <int:3-50>
bfd static neighbor <line>
bfd echo
mpls ip
mpls ldp interface
mpls ldp igp sync
ptp enable
ptp (announce|delay-req|delay-mechanism|sync-message|transport|role|vlan) ~ <line>
sflow enable
spanning-tree <line>
service-policy <line>
storm-control <line>
+lldp (transmit|receive)
isis enable ~ <word>
isis bfd
isis circuit-type ~ (level-1|level-1-2|level-2)
+isis hello padding
isis hello-interval ~ <int>
isis hello-multiplier ~ <int>
isis metric ~ <int:1-16777214>
isis passive
isis network ~ point-to-point
isis authentication (mode|key|key-id) ~ <line>
qos <line>
priority-flow-control <line>
tx-queue <line>
dcbx mode ~ <word>
mac (security|access-group) <line>
""",
    "router-isis": """
net ~ <word>
is-type ~ (level-1|level-1-2|level-2)
router-id ipv4 ~ <ip>
is-hostname ~ <word>
+log-adjacency-changes
set-overload-bit ~ [<line>]
mpls ldp sync default
authentication <line>
timers <line>
graceful-restart ~ [<line>]
redistribute <line>
spf-interval ~ <line>
lsp size maximum ~ <int>
advertise passive-only
passive <intf>
passive-interface <intf>
shutdown
address-family (ipv4|ipv6) unicast => router-isis-af
segment-routing mpls => any
""",
    "router-isis-af": """
maximum-paths ~ <int:1-128>
bfd all-interfaces
redistribute <line>
fast-reroute <line>
multi-topology
""",
    "router-ospf": """
router-id ~ <ip>
auto-cost reference-bandwidth ~ <int>
bfd default
passive-interface default
!passive-interface <intf>
network <prefix> area <area>
area <area> <line>
redistribute <line>
max-lsa ~ <int> [<line>]
max-metric router-lsa ~ [<line>]
maximum-paths ~ <int:1-128>
log-adjacency-changes ~ [detail]
mpls ldp sync default
timers <line>
default-information <line>
distance <line>
graceful-restart ~ [<line>]
shutdown
""",
    "router-bgp": """
router-id ~ <ip>
bgp cluster-id ~ <ip>
maximum-paths ~ <int> [ecmp <int>]
+bgp default ipv4-unicast
bgp default <line>
bgp (bestpath|confederation|asn|log-neighbor-changes|missing-policy|convergence|route-reflector) <line>
bgp log-neighbor-changes
timers bgp ~ <line>
distance bgp ~ <line>
update wait-install
update wait-for-convergence
graceful-restart ~ [<line>]
graceful-restart-helper ~ [<line>]
neighbor <host> peer group ~ [<word>]
neighbor <host> remote-as ~ <word>
neighbor <host> next-hop-self
neighbor <host> shutdown
neighbor <host> update-source ~ <intf>
neighbor <host> description ~ <line>
neighbor <host> bfd
neighbor <host> route-reflector-client
neighbor <host> (local-as|timers|password|ebgp-multihop|maximum-routes|send-community|weight|allowas-in|maximum-accepted-routes|rib-in|ttl|idle-restart-timer|local-v4-addr|transport|default-originate|soft-reconfiguration) ~ [<line>]
neighbor <host> (route-map|prefix-list) <word> ~ (in|out)
neighbor <host> activate
bgp listen range <line>
network <prefix> ~ [<line>]
aggregate-address <prefix> ~ [<line>]
redistribute <line>
shutdown
address-family (ipv4|ipv6|evpn|vpn-ipv4|vpn-ipv6|rt-membership|flow-spec ipv4) => router-bgp-af
vrf <word> => router-bgp-vrf
vlan <word> => any
""",
    "router-bgp-af": """
bgp <line>
neighbor default <line>
neighbor <host> activate
neighbor <host> (next-hop-self|route-reflector-client|additional-paths|encapsulation|default-originate|send-community) ~ [<line>]
neighbor <host> (route-map|prefix-list) <word> ~ (in|out)
network <prefix> ~ [<line>]
redistribute <line>
route <line>
""",
    "router-bgp-vrf": "rd ~ <word>\nroute-target (import|export|both) <line>\n",
    "router-bfd": "interval ~ <line>\nmultihop interval ~ <line>\nsession <line>\nslow-timer ~ <int>\n",
    "mpls-ldp": """
router-id ~ interface <intf>
router-id ~ <ip>
transport-address interface ~ <intf>
interface disabled default
+shutdown
fec filter prefix-list ~ <word>
neighbor <host> <line>
""",
    "mpls-rsvp": "refresh <line>\nhello <line>\nshutdown\n<line>\n",
    "acl": """
counters per-entry
<int:1-4294967295> ~ (permit|deny|remark) <line>
(permit|deny|remark) <line>
""",
    "std-acl": """
counters per-entry
<int:1-4294967295> ~ (permit|deny|remark) <line>
(permit|deny|remark) <line>
""",
    "ip-pfx": "seq <int> ~ (permit|deny) <line>\n(permit|deny) <line>\n",
    "mgmt": """
idle-timeout ~ <int:0-86400>
authentication mode ~ <line>
authentication protocol ~ <line>
ip access-group <word> [vrf <word>] ~ in
connection limit ~ <int:1-100>
connection per-host ~ <int:1-20>
login timeout ~ <int>
fips restrictions
cipher ~ <line>
key-exchange ~ <line>
mac ~ <line>
hostkey <line>
log-level ~ <word>
server-alive <word> ~ <int>
protocol <word> ~ [<line>]
transport <word> <word> => any
password <line>
entropy source <line>
ssl profile <word> => any
session <line>
!shutdown
vrf <word> => mgmt-vrf
""",
    "mgmt-vrf": "ip access-group <word> ~ in\n!shutdown\n",
    "vrf": "rd ~ <word>\ndescription ~ <line>\n",
    "vlan": "name ~ <word>\nstate ~ <word>\ntrunk group <word>\n",
    "cp": "ip access-group <word> [vrf <word>] ~ in\n<line>\n",
    "redundancy": "protocol ~ (rpr|sso|simplex)\n",
    "route-map": "description ~ <line>\nmatch <line>\nset <line>\ncontinue ~ <line>\nsub-route-map <word>\n",
    "maintenance": "unit <word> => builtin-unit\nprofile <line>\ngroup <line>\ninterface <intf>\n",
    "mlag": "domain-id ~ <word>\nlocal-interface ~ <intf>\npeer-address ~ <ip>\npeer-link ~ <intf>\nreload-delay <line>\n",
    "builtin-unit": "quiesce\ngroup <line>\nprofile <line>\n",
    "daemon": "exec <line>\n+shutdown\noption <line>\n",
    "any": "<line>",
}
BORROWS = {"router-bgp-vrf": "router-bgp"}
