"""Light and forward error correction of EOS, from its JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl.facts.fec import Fec, FecPort
from dcctl.facts.optics import Optic, Optics
from dcctl.platforms._parsing import expect
from dcctl.platforms.arista_eos._answers import data_of, decimal, part, parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_NO_LIGHT = -30.0  # dBm: EOS writes -30.00 for a receiver that sees nothing
_ALL = "-"  # the channel of a quantity that the whole plug shares


def optics(outputs: Sequence[Output]) -> Optics | None:
    """Every lane of every transceiver; None where there is none."""
    output = outputs[0]
    found = part(output, data_of(output, "interfaces"), "interfaces")
    items = [lane for name, port in found.items() for lane in _lanes(output, name, port)]
    return Optics(items=tuple(items)) if items else None


def _lanes(output: Output, name: str, port: Any) -> list[Optic]:
    expect(isinstance(port, dict), output, f"{name} is cut short")
    values = port.get("parameters")
    if not values:  # an empty cage, or a copper plug
        expect(not {"rxPower", "txPower"} & port.keys(), output, f"{name}: an older form")
        return []
    receive, send = values.get("rxPower") or {}, values.get("txPower") or {}
    lanes = sorted({*_channels(receive), *_channels(send)}, key=_place)
    return [_lane(output, name, values, lane) for lane in lanes]


def _channels(quantity: dict[str, Any]) -> dict[str, Any]:
    return dict(quantity.get("channels") or {})


def _place(lane: str) -> int:
    return int(lane) if lane.isdigit() else 0


def _lane(output: Output, name: str, values: dict[str, Any], lane: str) -> Optic:
    receive, send = values.get("rxPower") or {}, values.get("txPower") or {}
    power = decimal(output, _channels(receive), lane)
    dark = power is None or power <= _NO_LIGHT
    shared = (values.get("temperature") or {}).get("channels") or {}
    low, high = receive.get("threshold") or {}, send.get("threshold") or {}
    return Optic(
        interface=name,
        lane=_place(lane),
        rx_dbm=None if dark or power is None else round(power, 2),
        tx_dbm=_rounded(decimal(output, _channels(send), lane)),
        los=dark,
        bias_ma=_rounded(decimal(output, _channels(values.get("txBias") or {}), lane)),
        temperature_c=_rounded(decimal(output, shared, _ALL)),
        rx_low_alarm_dbm=_rounded(decimal(output, low, "lowAlarm")),
        rx_low_warning_dbm=_rounded(decimal(output, low, "lowWarn")),
        rx_high_warning_dbm=_rounded(decimal(output, low, "highWarn")),
        rx_high_alarm_dbm=_rounded(decimal(output, low, "highAlarm")),
        tx_low_alarm_dbm=_rounded(decimal(output, high, "lowAlarm")),
        tx_low_warning_dbm=_rounded(decimal(output, high, "lowWarn")),
        tx_high_warning_dbm=_rounded(decimal(output, high, "highWarn")),
        tx_high_alarm_dbm=_rounded(decimal(output, high, "highAlarm")),
    )


def _rounded(power: float | None) -> float | None:
    return None if power is None else round(power, 2)


def fec(outputs: Sequence[Output]) -> Fec | None:
    """Ports that correct errors: those whose line side counts them."""
    output = outputs[0]
    key = "interfacePhyStatuses"
    items = []
    for name, port in part(output, data_of(output, key), key).items():
        for phy in parts(output, port, "phyStatuses"):
            counted, rate = phy.get("fec"), phy.get("preFecBer")
            if not counted and not rate:
                continue
            items.append(
                FecPort(
                    interface=name,
                    pre_fec_ber=decimal(output, rate or {}, "value"),
                    corrected=_codewords(output, counted, "correctedCodewords"),
                    uncorrected=_codewords(output, counted, "uncorrectedCodewords"),
                )
            )
            break  # the chip at the line comes first; what follows is nearer to the switch
    return Fec(items=tuple(items)) if items else None


def _codewords(output: Output, counted: Any, key: str) -> int | None:
    held = (counted or {}).get(key)
    value = decimal(output, held, "value") if isinstance(held, dict) else None
    return None if value is None else int(value)
