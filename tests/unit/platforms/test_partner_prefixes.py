"""What partners may send and get, by the prefix lists in a running configuration."""

from __future__ import annotations

import pytest

from dcctl import platforms
from dcctl.contracts import Output

_LISTS = """ip prefix-list IN seq 10 permit 10.200.0.0/16 le 24
ip prefix-list IN seq 5 permit 10.201.0.0/16
ip prefix-list OUT seq 9 deny 0.0.0.0/0 le 32
ip prefix-list OUT seq 5 permit 10.100.0.0/16
ip prefix-list HOLED seq 5 deny 10.100.9.0/24
ip prefix-list HOLED seq 9 permit 10.100.0.0/16
ip prefix-list HALF seq 5 permit anything
"""
_FLAT = """router bgp 64512
 neighbor P peer-group
 neighbor P prefix-list OUT out
 neighbor 10.255.0.9 remote-as 64512
 neighbor 10.0.2.1 remote-as 64600
 neighbor 10.0.2.1 peer-group P
 neighbor 10.0.2.1 prefix-list IN in
 neighbor 10.0.3.1 remote-as 64601
 neighbor 10.0.3.1 prefix-list HOLED in
 neighbor 10.0.3.1 route-map X out
 neighbor 10.0.4.1 remote-as 64602
 neighbor 10.0.4.1 prefix-list NONE in
 neighbor 10.0.4.1 prefix-list HALF out
 neighbor 10.0.5.1 remote-as 64603
 neighbor 10.0.5.1 prefix-list IN in
 neighbor 10.0.5.1 route-map X in
"""
XE = f"hostname r1\n{_FLAT}{_LISTS}end\n"
FRR = XE
EOS = (
    "! Command: show running-config\nhostname r1\n"
    + _FLAT.replace(" P peer-group", " P peer group").replace("1 peer-group P", "1 peer group P")
    + """ip prefix-list IN
   seq 10 permit 10.200.0.0/16 le 24
   seq 5 permit 10.201.0.0/16
ip prefix-list OUT
   seq 9 deny 0.0.0.0/0 le 32
   seq 5 permit 10.100.0.0/16
ip prefix-list HOLED
   seq 5 deny 10.100.9.0/24
   seq 9 permit 10.100.0.0/16
ip prefix-list HALF
   seq 5 permit anything
end
"""
)
NXOS = f"""!Command: show running-config
version 9.3(8)
hostname r1
{_LISTS}router bgp 64512
  template peer P
    remote-as 64600
    address-family ipv4 unicast
      prefix-list OUT out
  neighbor 10.255.0.9
    remote-as 64512
  neighbor 10.0.2.1
    inherit peer P
    address-family ipv4 unicast
      prefix-list IN in
  neighbor 10.0.3.1
    remote-as 64601
    address-family ipv4 unicast
      prefix-list HOLED in
      route-map X out
  neighbor 10.0.4.1
    remote-as 64602
    address-family ipv4 unicast
      prefix-list NONE in
      prefix-list HALF out
  neighbor 10.0.5.1
    remote-as 64603
    address-family ipv4 unicast
      prefix-list IN in
      route-map X in
"""
TEXTS = {"cisco_xe": XE, "frr": FRR, "arista_eos": EOS, "cisco_nxos": NXOS}
WANTED = {
    ("10.0.2.1", "in"): (True, ("10.200.0.0/16 le 24", "10.201.0.0/16")),
    ("10.0.2.1", "out"): (True, ("10.100.0.0/16",)),
    ("10.0.3.1", "in"): (True, None),  # a hole: not what it permits
    ("10.0.3.1", "out"): (True, None),  # a policy is not followed
    ("10.0.4.1", "in"): (True, None),  # a list that is not there
    ("10.0.4.1", "out"): (True, None),  # a line that is not understood
    ("10.0.5.1", "in"): (True, None),  # what the policy takes away is not known
    ("10.0.5.1", "out"): (False, None),
}


@pytest.mark.parametrize("platform", list(TEXTS))
def test_each_direction_of_each_partner(platform) -> None:
    collector = platforms.get(platform).collector("partner_prefixes")
    fact = collector.parse([Output(command=collector.commands[0], text=TEXTS[platform])])
    found = {(one.neighbor, one.direction): (one.filtered, one.prefixes) for one in fact.items}
    assert found == WANTED
