"""Ciena SAOS 6 and 8 (3900 and 5100 lines), read only.

What is here is what public recordings show. No public document says how a change is made safe, so
none is made; SAOS 10 is another command line and is not this platform.
"""

from dcctl.contracts import Platform
from dcctl.platforms.ciena_saos._collectors import COLLECTORS

_WORD = r"[\w./:-]+"
# On SAOS the verb stands after its object. Only what is known to read is here.
_OBJECTS = (
    "alarm|aggregation|cfm(?: \\w+)?|chassis|configuration|interface|lldp|ntp client"
    "|port|port xcvr|ring-protection(?: [\\w-]+)?|rstp|software|vlan"
)

PLATFORM = Platform(
    name="ciena_saos",
    title="Ciena SAOS",
    executor="device_session",
    netmiko_type="ciena_saos",
    read_only=(rf"(?:{_OBJECTS}) show(?: {_WORD}){{0,6}}",),
    failures=(r"SHELL PARSER FAILURE.*", r"^\s*ERROR: .*"),
    volatile=(r"! Created: .*", r"! On terminal: .*"),
    secret_patterns=(
        # What a hash begins with stays: it says that it is one.
        r"\b(?:secret|password|key|community)\s+(?:\$[156]\$|#A#|#)?(?P<secret>\S{3,})",
    ),
    collectors=COLLECTORS,
    config_command="configuration show",
    # A star stands in it while something is not saved.
    prompt=r"[\w.\-]+\*?> ?",
    setup=("system shell session set more off",),
)
