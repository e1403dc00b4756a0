"""Rates of interfaces, in bits a second, in each form that a vendor tells them."""

from __future__ import annotations

import json

import pytest

from dcctl import platforms
from dcctl.contracts import Output
from dcctl.model.status import ReadingStatus

VRP = """\
GigabitEthernet0/1/0 current state : UP
Line protocol current state : UP
Description: to core
Port BW: 10G, Transceiver max BW: 10G
Statistics last cleared:never
    Last 300 seconds input rate: 4880 bits/sec, 3 packets/sec
    Last 300 seconds output rate: 9760 bits/sec, 6 packets/sec
    Input: 1 bytes, 1 packets
    Output: 1 bytes, 1 packets
"""
AR = VRP.replace("rate: 4880", "rate 610 bytes/sec 4880").replace("rate: 9760", "rate 9760")
NXOS = """\
Ethernet1/1 is up
admin state is up, Dedicated Interface
  Hardware: 100/1000/10000/25000 Ethernet, address: 0050.5687.1b2c (bia 0050.5687.1b2c)
  MTU 9216 bytes, BW 10000000 Kbit, DLY 10 usec
  full-duplex, 10 Gb/s, media type is 10G
  Load-Interval #1: 30 seconds
    30 seconds input rate 4880 bits/sec, 3 packets/sec
    30 seconds output rate 9760 bits/sec, 6 packets/sec
    input rate 4.88 Kbps, 3 pps; output rate 9.76 Kbps, 6 pps
  Load-Interval #2: 5 minute (300 seconds)
    300 seconds input rate 11 bits/sec, 0 packets/sec
    300 seconds output rate 12 bits/sec, 0 packets/sec
  RX
    0 unicast packets  0 multicast packets  0 broadcast packets
    0 input error  0 short frame  0 overrun   0 underrun  0 ignored
  TX
    0 unicast packets  0 multicast packets  0 broadcast packets
    0 output error  0 collision  0 deferred  0 late collision

Ethernet1/2 is down (Link not connected)
admin state is up, Dedicated Interface
  Hardware: 100/1000/10000/25000 Ethernet, address: 0050.5687.1b2d (bia 0050.5687.1b2d)
  MTU 9216 bytes, BW 10000000 Kbit, DLY 10 usec
"""
EOS = {
    "interfaces": {
        "Ethernet1": {
            "name": "Ethernet1",
            "interfaceStatus": "connected",
            "lineProtocolStatus": "up",
            "mtu": 9214,
            "bandwidth": 10000000000,
            "interfaceStatistics": {"inBitsRate": 4880.2, "outBitsRate": 9759.7},
        },
        "Loopback0": {
            "name": "Loopback0",
            "interfaceStatus": "connected",
            "lineProtocolStatus": "up",
            "mtu": 65535,
            "bandwidth": 0,
        },
    }
}
TOLD = [
    ("huawei_vrp", VRP, [(4880, 9760)]),
    ("huawei_vrp", AR, [(4880, 9760)]),
    ("cisco_nxos", NXOS, [(4880, 9760), (None, None)]),
    ("arista_eos", json.dumps(EOS), [(4880, 9760), (None, None)]),
]


@pytest.mark.parametrize(("name", "text", "rates"), TOLD)
def test_rates_are_told_in_bits_a_second(name, text, rates):
    collector = platforms.get(name).collector("interfaces")
    output = Output(command=collector.commands[0], text=text)
    status, fact, message = platforms.fact_of(collector, [output])
    assert status is ReadingStatus.PARSED, message
    assert [(one.in_bps, one.out_bps) for one in fact.items] == rates
