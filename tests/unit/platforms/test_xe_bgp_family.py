"""IOS XE's summary of another address family is no answer to `show ip bgp summary`."""

from __future__ import annotations

import pytest

from dcctl import platforms
from dcctl.contracts import Output
from dcctl.errors import Unparsed

SUMMARY = """\
{family}BGP router identifier 10.255.0.1, local AS number 64512
BGP table version is 25, main routing table version 25
16 network entries using 6144 bytes of memory
BGP using 12288 total bytes of memory

Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
10.255.0.2      4        64512    2219    2215       25    0    0 1d13h           8
"""


def read(family: str) -> int:
    collector = platforms.get("cisco_xe").collector("bgp")
    text = SUMMARY.format(family=family)
    return len(collector.parse([Output(command="show ip bgp summary", text=text)]).items)


@pytest.mark.parametrize("family", ["", "For address family: IPv4 Unicast\n"])
def test_its_own_is_understood(family: str) -> None:
    assert read(family) == 1


@pytest.mark.parametrize("family", ["L2VPN E-VPN", "VPNv4 Unicast", "IPv6 Unicast", "IPv4 Mdt"])
def test_another_family_s_is_not(family: str) -> None:
    with pytest.raises(Unparsed, match="address family"):
        read(f"For address family: {family}\n")
