"""Standing alarms of a device."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One alarm; `severity` is lower case: critical, major, minor, info."""

    severity: str
    text: str
    source: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """All standing alarms."""

    items: tuple[Alarm, ...]


FACT = Alarms
