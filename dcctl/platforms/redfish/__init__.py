"""Management controllers of servers, over Redfish (DMTF DSP0266): read only.

A collector's command is the way from the service's root along the names of links, as the schemas
(DSP2046) name them; controllers number their resources as they like.
"""

from __future__ import annotations

from dcctl import discovery
from dcctl.contracts import Collector, Platform

_ID = r"(?!\.+(?:/|$))[A-Za-z0-9._:+()@,=-]+"  # of a resource: nothing that has a meaning in a URL
_SERVICE = rf"/redfish/v1/(?:Managers/{_ID}/)?AccountService"  # iDRAC once had it below its manager
_SECRETS = (
    "password|passphrase|community(?:string)?|secret|token|authorization|"
    "(?:encryption|authentication|license|private)key"
)
# Whatever link a controller offers, only these are followed.
_PATHS = (
    r"/redfish/v1",
    rf"/redfish/v1/Managers(?:/{_ID}(?:/NetworkProtocol|/EthernetInterfaces(?:/{_ID})?)?)?",
    rf"(?:{_SERVICE}|/redfish/v1/Managers/{_ID})(?:/Accounts(?:/{_ID})?)?",
    rf"{_SERVICE}",
    rf"/redfish/v1/Systems(?:/{_ID}(?:/SecureBoot)?)?",
    rf"/redfish/v1/Chassis(?:/{_ID}(?:/Power|/PowerSubsystem(?:/PowerSupplies(?:/{_ID})?)?)?)?",
    rf"/redfish/v1/UpdateService(?:/FirmwareInventory(?:/{_ID})?)?",
    rf"/redfish/v1/EventService(?:/Subscriptions(?:/{_ID})?)?",
)

PLATFORM = Platform(
    name="redfish",
    title="Redfish",
    executor="bmc",
    read_only=tuple(f"GET {path}/?" for path in _PATHS),
    # Whatever a schema or a vendor calls a secret, in JSON.
    secret_patterns=(rf'(?i)"[\w-]*(?:{_SECRETS})"\s*:\s*"(?P<secret>(?:[^"\\]|\\.)+)"',),
    collectors=tuple(
        discovery.scan("dcctl.platforms.redfish.topics", "COLLECTOR", Collector).values()
    ),
)
