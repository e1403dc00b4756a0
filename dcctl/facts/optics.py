"""Optical power and its thresholds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Optic:
    """One lane of one transceiver.

    `los` is loss of signal; a receiver that sees no light has `rx_dbm` None.
    """

    interface: str
    rx_dbm: float | None
    tx_dbm: float | None
    lane: int = 0
    los: bool = False
    rx_low_alarm_dbm: float | None = None
    rx_low_warning_dbm: float | None = None
    rx_high_warning_dbm: float | None = None
    rx_high_alarm_dbm: float | None = None
    tx_low_alarm_dbm: float | None = None
    tx_low_warning_dbm: float | None = None
    tx_high_warning_dbm: float | None = None
    tx_high_alarm_dbm: float | None = None
    bias_ma: float | None = None
    temperature_c: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Optics:
    """All lanes of all transceivers."""

    items: tuple[Optic, ...]


FACT = Optics
