"""Default routes, table by table, from what routers say of them; half an answer is none."""

from __future__ import annotations

import json

import pytest

from dcctl import platforms
from dcctl.contracts import Output
from dcctl.errors import Unparsed
from dcctl.facts.default_routes import DefaultRoutes

_NAMES = "Routing Table: Mgmt-intf\nRouting Table: TRI\n"
_GATEWAYS = """Gateway of last resort is not set
Gateway of last resort is 10.60.1.254 to network 0.0.0.0
Gateway of last resort is 10.10.254.3 to network 0.0.0.0
"""
XE = (_NAMES, _GATEWAYS)
XR = (
    "Tue Jan 16 16:57:27.102 AEST\n\n% Network not in table\n\n",
    """Tue Jan 16 16:57:28.146 AEST

VRF: management


Routing entry for 0.0.0.0/0
  Known via "static", distance 1, metric 0, candidate default path
  Installed Jan  7 19:42:10.791 for 1w1d
  Routing Descriptor Blocks
    172.16.1.1
      Route metric is 0
  No advertising protos.

VRF: BLUE


Routing entry for 0.0.0.0/0
  Known via "bgp 64512", distance 200, metric 0, candidate default path
  Number of pic paths 1 , type internal
  Installed Jan  7 19:42:10.791 for 1w1d
  Routing Descriptor Blocks
    10.255.0.2, from 10.255.0.9
      Nexthop in Vrf: "default", Table: "default", IPv4 Unicast, Table Id: 0xe0000000
      Route metric is 0
    10.255.0.3, from 10.255.0.9, via TenGigE0/0/0/1
      Route metric is 0
  No advertising protos.

VRF: **iid


% Network not in table
""",
)
_LEGEND = """'*' denotes best ucast next-hop
'**' denotes best mcast next-hop
'[x/y]' denotes [preference/metric]
'%<string>' in via output denotes VRF <string>

"""
NXOS = (
    f"""IP Route Table for VRF "default"
{_LEGEND}Route not found

IP Route Table for VRF "DMZ"
{_LEGEND}0.0.0.0/0, ubest/mbest: 1/0
    *via 169.254.0.1, [20/0], 41w6d, bgp-64512, external, tag 64512

IP Route Table for VRF "Users"
{_LEGEND}0.0.0.0/0, ubest/mbest: 1/0
    *via 169.254.0.1%DMZ, [20/0], 41w6d, bgp-64512, external, tag 64512
     via Null0, [254/0], 1y16w, static
""",
)
EOS = (
    json.dumps(
        {
            "vrfs": {
                "default": {"defaultRouteState": "notSet", "routes": {}},
                "MGMT": {
                    "routingDisabled": True,
                    "defaultRouteState": "reachable",
                    "routes": {
                        "0.0.0.0/0": {
                            "routeType": "static",
                            "vias": [{"nexthopAddr": "192.168.123.1", "interface": "Management0"}],
                        }
                    },
                },
            }
        }
    ),
)


def _cell(text: str) -> list[dict[str, str]]:
    return [{"data": text}]


def _table(name: str, *hops: str) -> dict[str, object]:
    entry = {"protocol-name": _cell("Static"), "nh": [{"to": _cell(h)} for h in hops]}
    route = {"rt-destination": _cell("0.0.0.0/0"), "rt-entry": [entry]}
    return {"table-name": _cell(name), **({"rt": [route]} if hops else {})}


_TABLES = [_table(name) for name in ("inet.0", "mgmt_junos.inet.0", "iso.0", "A.inet.0", "inet6.0")]
JUNOS = (
    json.dumps({"route-summary-information": [{"route-table": _TABLES}]}),
    json.dumps(
        {
            "route-information": [
                {
                    "route-table": [
                        _table("inet.0", "10.1.1.1", "10.1.1.3"),
                        _table("mgmt_junos.inet.0", "10.60.1.254"),
                    ]
                }
            ]
        }
    ),
)
# Tables, and (table, next hop, port).
SAID = {
    "cisco_xe": (
        XE,
        ("default", "Mgmt-intf", "TRI"),
        [("Mgmt-intf", "10.60.1.254", ""), ("TRI", "10.10.254.3", "")],
    ),
    "cisco_xr": (
        XR,
        ("default", "management", "BLUE"),
        [
            ("management", "172.16.1.1", ""),
            ("BLUE", "10.255.0.2", ""),
            ("BLUE", "10.255.0.3", "TenGigE0/0/0/1"),
        ],
    ),
    "cisco_nxos": (
        NXOS,
        ("default", "DMZ", "Users"),
        [("DMZ", "169.254.0.1", ""), ("Users", "169.254.0.1", ""), ("Users", "Null0", "")],
    ),
    "arista_eos": (EOS, ("default", "MGMT"), [("MGMT", "192.168.123.1", "Management0")]),
    "juniper_junos": (
        JUNOS,
        ("default", "mgmt_junos", "A"),
        [
            ("default", "10.1.1.1", ""),
            ("default", "10.1.1.3", ""),
            ("mgmt_junos", "10.60.1.254", ""),
        ],
    ),
}


def parsed(platform: str, texts: tuple[str, ...]) -> DefaultRoutes:
    collector = platforms.get(platform).collector("default_routes")
    assert collector is not None
    pairs = zip(collector.commands, texts, strict=True)
    return collector.parse([Output(command=command, text=text) for command, text in pairs])


@pytest.mark.parametrize("platform", list(SAID))
def test_each_table_and_its_ways(platform) -> None:
    texts, tables, ways = SAID[platform]
    fact = parsed(platform, texts)
    assert fact.tables == tables
    assert [(one.table, one.via, one.interface) for one in fact.items] == ways
    assert {one.family for one in fact.items} == {"ipv4"}


@pytest.mark.parametrize("platform", list(SAID))
def test_an_answer_that_is_cut_off_or_another_one_is_none(platform) -> None:
    texts, tables, ways = SAID[platform]
    broken = ["what is this\n" * 3, "% Invalid input detected at '^' marker.\n"]
    short = texts[-1]
    broken += [short[: len(short) // 2], short[: len(short) * 3 // 4], ""]
    for text in broken:
        try:
            fact = parsed(platform, (*texts[:-1], text))
        except Unparsed:
            continue
        # Where nothing stands at the end of an answer, what is left of it still is right.
        assert set(fact.tables) <= set(tables), text
        assert {(o.table, o.via, o.interface) for o in fact.items} < set(ways), text


@pytest.mark.parametrize(
    ("platform", "texts"),
    [
        (
            "cisco_xe",
            ("Routing Table: A\nRouting Table: B\n", "Gateway of last resort is not set\n"),
        ),
        ("cisco_xe", ("", "")),
        ("cisco_xe", ("", "Gateway of last resort is not set\n" * 2)),
        ("cisco_xr", ("Tue Jan 16\n\nRouting entry for 10.0.0.0/8\n", XR[1])),
        ("cisco_xr", (XR[0], "Tue Jan 16\n\nVRF: A\n\n\nVRF: B\n\n% Network not in table\n")),
        ("cisco_nxos", ('IP Route Table for VRF "default"\n\n',)),
        ("cisco_nxos", (NXOS[0].replace("0.0.0.0/0, ubest", "10.0.0.0/8, ubest"),)),
        ("arista_eos", ('{"vrfs": {}}',)),
        ("arista_eos", (EOS[0].replace("0.0.0.0/0", "10.0.0.0/8"),)),
        ("juniper_junos", (JUNOS[0].replace("mgmt_junos.", "other."), JUNOS[1])),
        ("juniper_junos", ('{"route-summary-information": [{}]}', JUNOS[1])),
    ],
)
def test_what_contradicts_itself_is_refused(platform, texts) -> None:
    with pytest.raises(Unparsed):
        parsed(platform, texts)


def test_no_route_anywhere_is_an_answer() -> None:
    fact = parsed("juniper_junos", (JUNOS[0], '{"route-information": [{}]}'))
    assert fact.items == ()
    assert fact.tables == ("default", "mgmt_junos", "A")
    alone = parsed("cisco_xe", ("", "Gateway of last resort is not set\n"))
    assert (alone.items, alone.tables) == ((), ("default",))
    assert parsed("cisco_xr", (XR[0], "Tue Jan 16 16:57:28.146 AEST\n\n")).tables == ("default",)
