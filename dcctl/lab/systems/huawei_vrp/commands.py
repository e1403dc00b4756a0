"""Which configuration commands exist in which view, in the order in which VRP writes them.

A line is `[+|!]SYNTAX [=> VIEW]`. `+` is on by default: only its `undo` is shown. `!` is shown either
way. All others are off by default. `=> VIEW` opens a section. `~` ends what names the setting: a
second line with the same name replaces the first. Drawn from Huawei's NetEngine 8000, NE40E and AR
command references and recorded configurations.
"""

from __future__ import annotations

from functools import cache

from dcctl.lab.elements.grammar import Grammar, Rule
from dcctl.lab.systems.huawei_vrp.kinds import KINDS

VIEWS = {
    "system": """
clock timezone ~ <word> (add|minus) <word>
clock daylight-saving-time ~ <line>
sysname ~ <word>
header (login|shell) information ~ <line>
set neid ~ <word>
set flow-stat interval ~ <int:10-600>
FTP [ipv6] server enable
FTP <line>
vlan batch ~ <line>
password (policy|complexity) <line>
+info-center enable
info-center loghost source ~ <intf>
info-center loghost <ip> ~ [<line>]
info-center logbuffer size ~ <int>
info-center source <line>
info-center timestamp (log|trap|debugging) ~ <line>
fan speed ~ <word>
cpu-defend policy <word> => any
slot <word> => any
ntp-service server disable
ntp-service ipv6 server disable
ntp-service source-interface ~ <intf> [<line>]
ntp-service authentication enable
ntp-service authentication-keyid <int> ~ <line>
ntp-service reliable authentication-keyid <int>
ntp-service refclock-master ~ [<line>]
ntp-service unicast-server <host> ~ [<line>]
ntp-service unicast-peer <host> ~ [<line>]
ntp-service access (peer|query|server|synchronization) ~ <line>
clock enable
clock run-mode ~ <word>
clock ethernet-synchronization enable
clock <line>
ptp enable
ptp domain ~ <int:0-255>
ptp device-type ~ (bc|oc|tc|tcandbc)
ptp profile ~ <word> [<word>]
ptp <line>
lldp enable
lldp management-address ~ <ip>
lldp (transmit|restart-delay|fast-count|message-transmission) ~ <line>
lacp <line>
+telnet server enable
+telnet ipv6 server enable
+http server enable
+http secure-server enable
diffserv domain <word> => any
ip vpn-instance <word> => vpn-instance
mpls lsr-id ~ <ip>
mpls => mpls
mpls l2vpn => any
mpls ldp => mpls-ldp
bfd => bfd
acl number <int:2000-4999> => acl
acl name <word> (basic|advanced) => acl
acl name <word> <int:2000-4999> => acl
acl <int:2000-4999> => acl
ip ip-prefix <word> index <int> ~ (permit|deny) <line>
ip ip-prefix <word> ~ (permit|deny) <line>
ip community-filter <line>
ip as-path-filter <line>
traffic (classifier|behavior|policy) <line> => any
security password => any
hwtacacs enable
hwtacacs-server template <word> => hwtacacs
radius-server (template|group) <word> => any
keychain <word> mode <line> => any
ip netstream export host <ip> <int>
ip netstream export source <ip>
ip netstream export version ~ <line>
aaa => aaa
license => any
isis [<int:1-4294967295>] => isis
interface <intf> => interface
bgp <word> => bgp
ospf <int:1-4294967295> [router-id <ip>] => ospf
route-policy <word> (permit|deny) node <int> => any
ip route-static vpn-instance <word> <ip> <mask> <line>
ip route-static <ip> <mask> <line>
snmp-agent
snmp-agent <line>
stelnet server enable
stelnet (ipv4|ipv6) server enable
sftp server enable
sftp (ipv4|ipv6) server enable
scp server enable
scp (ipv4|ipv6) server enable
ssh server-source ~ -i <intf>
ssh server-source all-interface
ssh ipv6 server-source all-interface
ssh server acl ~ <word>
ssh server (port|timeout|authentication-retries|rekey-interval|login-failed|compatible-ssh1x|keepalive|ip-block) ~ <line>
ssh server (cipher|hmac|key-exchange|publickey|dh-exchange) ~ <line>
ssh client <line>
ssh authorization-type default ~ <word>
ssh user <word>
ssh user <word> (authentication-type|service-type|assign|sftp-directory) ~ <line>
command-privilege level <line>
user-interface maximum-vty ~ <int:0-21>
user-interface con <int:0-0> => ui
user-interface console <int:0-0> => ui
user-interface vty <int:0-20> [<int:0-20>] => ui
local-aaa-server => any
telemetry => any
netconf => any
set save-configuration ~ <line>
""",
    "interface": """
portswitch
eth-trunk ~ <int:0-1023>
mode ~ (lacp|lacp-static|lacp-dynamic|manual) [load-balance]
least active-linknumber ~ <int>
max active-linknumber ~ <int>
lacp <line>
mtu ~ <int:46-9600>
description ~ <line>
ip binding vpn-instance ~ <word>
!shutdown
speed ~ <line>
duplex ~ <word>
+negotiation auto
vlan-type dot1q ~ <line>
ip address ~ <ip> <mask>
ip address <ip> <mask> sub
ip address unnumbered ~ <line>
ipv6 enable
ipv6 address <line>
ipv6 <line>
isis enable ~ [<int:1-4294967295>]
isis circuit-type ~ p2p [<line>]
isis circuit-level ~ (level-1|level-1-2|level-2)
isis cost ~ <int> [(level-1|level-2)]
isis silent ~ [<line>]
isis authentication-mode ~ <line>
isis timer (hello|holding-multiplier|csnp|lsp-retransmit|lsp-throttle) ~ <line>
isis bfd enable
isis bfd ~ <line>
isis (dis-priority|small-hello|padding-hello|peer-ip-ignore|mesh-group|tag-value|ldp-sync|prefix-sid) ~ [<line>]
ospf enable ~ [<int:1-4294967295>] area <area>
ospf cost ~ <int:1-65535>
ospf network-type ~ (broadcast|nbma|p2mp|p2p)
ospf timer (hello|dead) ~ <int>
ospf bfd enable
ospf bfd ~ <line>
ospf authentication-mode ~ <line>
ospf (dr-priority|mtu-enable|suppress-flapping) ~ [<line>]
mpls
mpls mtu ~ <int>
mpls te ~ [<line>]
mpls rsvp-te ~ [<line>]
mpls ldp
mpls ldp (timer|transport-address) ~ <line>
set flow-stat interval ~ <int:10-600>
ip netstream (inbound|outbound)
ip netstream sampler (fix-packets|random-packets) ~ <int> (inbound|outbound)
trust <line>
qos <line>
traffic-policy <word> (inbound|outbound)
statistic enable
carrier <line>
port-mode ~ <line>
port link-type ~ <word>
port default vlan ~ <int>
port trunk <line>
fec mode ~ <word>
fec ~ <word>
+lldp enable
lldp (tlv-enable|tlv-disable|admin-status) <line>
clock synchronization enable
clock priority ~ <int:1-255>
clock <line>
ptp enable
ptp <line>
+dcn
arp <line>
""",
    "isis": """
description ~ <line>
is-level ~ (level-1|level-1-2|level-2)
cost-style ~ (compatible|narrow|wide|wide-compatible|narrow-compatible)
timer (lsp-generation|lsp-max-age|lsp-refresh|spf) ~ <line>
bfd all-interfaces enable
bfd all-interfaces ~ (min-rx-interval|min-tx-interval|detect-multiplier|frr-binding|incr-cost) <line>
network-entity ~ <word>
is-name ~ <word>
domain-authentication-mode ~ <line>
area-authentication-mode ~ <line>
default-route-advertise ~ [<line>]
import-route <line>
preference ~ <line>
maximum load-balancing ~ <int>
circuit-cost ~ <line>
auto-cost enable ~ [<line>]
bandwidth-reference ~ <int>
set-overload ~ [<line>]
log-peer-change ~ [<line>]
traffic-eng ~ [<line>]
segment-routing <line>
ipv6 enable ~ [<line>]
frr => any
flash-flood ~ [<line>]
""",
    "ospf": """
description ~ <line>
opaque-capability enable
bfd all-interfaces enable
bfd all-interfaces ~ (min-rx-interval|min-tx-interval|detect-multiplier) <line>
silent-interface <intf>
silent-interface all
bandwidth-reference ~ <int>
maximum load-balancing ~ <int>
default-route-advertise ~ [<line>]
import-route <line>
spf-schedule-interval ~ <line>
stub-router ~ [<line>]
log-peer-change
area <area> => ospf-area
""",
    "ospf-area": """
description ~ <line>
authentication-mode ~ <line>
network <ip> <ip> [<line>]
abr-summary <line>
stub ~ [no-summary]
nssa ~ [<line>]
mpls-te ~ [<line>]
""",
    "bgp": """
router-id ~ <ip>
+default ipv4-unicast
graceful-restart ~ [<line>]
timer keepalive ~ <line>
confederation <line>
bestroute <line>
group <word> [(internal|external)]
peer <host> as-number ~ <word>
peer <host> group ~ <word>
peer <host> description ~ <line>
peer <host> connect-interface ~ <intf> [<ip>]
peer <host> (ebgp-max-hop|password|keychain|timer|valid-ttl-hops|fake-as|log-change|tracking|path-mtu|capability-advertise) ~ [<line>]
peer <host> bfd enable
peer <host> bfd ~ <line>
peer <host> ignore
ipv4-family unicast => bgp-af
ipv4-family (vpnv4|multicast|flow|mvpn|mdt) [unicast] => bgp-af
ipv4-family vpn-instance <word> => bgp-af
ipv6-family (unicast|vpnv6) => bgp-af
l2vpn-family evpn => bgp-af
link-state-family unicast => bgp-af
""",
    "bgp-af": """
+synchronization
aggregate <line>
network <ip> [<mask>] [route-policy <word>]
import-route <line>
maximum load-balancing ~ <line>
reflector cluster-id ~ <word>
reflect between-clients
policy vpn-target
peer <host> enable
peer <host> group ~ <word>
peer <host> route-policy <word> ~ (import|export)
peer <host> ip-prefix <word> ~ (import|export)
peer <host> filter-policy <word> ~ (import|export)
peer <host> reflect-client
peer <host> next-hop-local
peer <host> next-hop-invariable
peer <host> advertise-community
peer <host> advertise-ext-community
peer <host> default-route-advertise ~ [<line>]
peer <host> (route-limit|preferred-value|public-as-only|allow-as-loop|keep-all-routes|substitute-as|label-route-capability|upe) ~ [<line>]
""",
    "aaa": """
user-block <line>
user-password <line>
local-user policy <line>
local-user <word> password ~ <line>
local-user <word> (service-type|ftp-directory|idle-timeout|access-limit) ~ <line>
local-user <word> level ~ <int:0-15>
local-user <word> privilege level ~ <int:0-15>
local-user <word> user-group ~ <word>
local-user <word> state ~ <line>
local-user <word> expire ~ <line>
authentication-scheme <word> => any
authorization-scheme <word> => any
accounting-scheme <word> => any
recording-scheme <word> => any
domain <word> => any
""",
    "hwtacacs": """
hwtacacs-server (authentication|authorization|accounting) <ip> [secondary]
hwtacacs-server source-ip ~ <ip>
hwtacacs-server shared-key ~ <line>
hwtacacs-server timer (response-timeout|quiet) ~ <int>
""",
    "vpn-instance": """
description ~ <line>
ipv4-family => vpn-af
ipv6-family => vpn-af
""",
    "vpn-af": """
route-distinguisher ~ <word>
apply-label per-instance
vpn-target <line>
import route-policy ~ <word>
export route-policy ~ <word>
""",
    "mpls": """
mpls te
mpls rsvp-te
mpls te cspf
label advertise ~ <word>
lsp-trigger ~ <line>
""",
    "mpls-ldp": """
graceful-restart
outbound <line>
remote-peer pwe3
ipv4-family => any
transport-address ~ <line>
""",
    "bfd": """
mpls-passive
default-ip-address ~ <ip>
delay-up ~ <int>
""",
    "acl": """
description ~ <line>
step ~ <int:1-20>
rule <int:0-4294967294> ~ (permit|deny|description) [<line>]
rule (permit|deny) [<line>]
""",
    "ui": """
authentication-mode ~ (aaa|password|none)
protocol inbound ~ (all|ssh|telnet)
acl <word> ~ (inbound|outbound)
idle-timeout ~ <int:0-35791> [<int:0-59>]
user privilege level ~ <int:0-15>
screen-length ~ <int:0-512>
screen-width ~ <int:60-512>
history-command max-size ~ <int:0-256>
shell
""",
    "any": "<line>",
}


@cache
def grammar_of(view: str) -> Grammar:
    """The compiled commands of one view."""
    return Grammar(tuple(_rules(view)), KINDS)


def _rules(view: str) -> list[Rule]:
    rules = []
    for order, line in enumerate(VIEWS[view].strip().splitlines()):
        syntax, _, section = line.partition("=>")
        flag = syntax[0] if syntax[0] in "+!" else ""
        rules.append(Rule(syntax.lstrip("+!").strip(), section.strip(), order, flag))
    return rules
