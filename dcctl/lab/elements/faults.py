"""What can be made to go wrong with an element; each fault is a pure change of its `Faults`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from dcctl.errors import InvalidInput
from dcctl.text import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What stands wrong at one element."""

    cut: frozenset[str] = frozenset()  # ports whose fibre is cut
    attenuation: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))  # dB
    errors: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    alarms: tuple[tuple[str, float], ...] = ()  # (text, since)
    hang: bool = False
    slow_s: float = 0.0
    garbage: bool = False
    wrong_prompt: str = ""
    disconnect_after: int = -1  # commands that are still answered; -1: never
    refuse_auth: bool = False
    service_stopped: bool = False
    host_key_changed: bool = False
    clock_offset_s: float = 0.0
    old_kex: str = ""  # the only key exchange it knows, with a cipher and MAC of the same age
    bad_image: str = ""  # what is wrong with the next release: unit_fails, boot_loop
    never_back: bool = False  # from the next reload
    dimmer: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))  # dB, next
    dimmed: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))  # dB, now
    power_loss_s: float = 0.0  # halfway through the next operation
    operation_hangs: bool = False  # the next one
    net_fires: bool = False  # the next timer of the software runs out at once
    flash_full: bool = False
    standby_missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One kind of fault; `arguments` are its names and defaults (None: must be given).

    An argument that is one of few words has them under `choices`.
    """

    name: str
    title: str
    arguments: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    apply: Callable[[Faults, Mapping[str, Any], float], Faults]


def _set(**fields: Any) -> Callable[..., Faults]:
    """A fault that sets fields to what is said here."""
    return lambda faults, _arguments, _now: replace(faults, **fields)


def _given(argument: str, field_name: str, kind: Callable[[Any], Any]) -> Callable[..., Faults]:
    """A fault that sets a field to its argument."""
    return lambda faults, arguments, _now: replace(
        faults, **{field_name: kind(arguments[argument])}
    )


def _link_down(faults: Faults, arguments: Mapping[str, Any], _now: float) -> Faults:
    return replace(faults, cut=faults.cut | {arguments["interface"]})


def _attenuation(faults: Faults, arguments: Mapping[str, Any], _now: float) -> Faults:
    more = {**faults.attenuation, arguments["interface"]: float(arguments["db"])}
    return replace(faults, attenuation=MappingProxyType(more))


def _errors(faults: Faults, arguments: Mapping[str, Any], _now: float) -> Faults:
    more = {**faults.errors, arguments["interface"]: int(arguments["count"])}
    return replace(faults, errors=MappingProxyType(more))


def _alarm(faults: Faults, arguments: Mapping[str, Any], now: float) -> Faults:
    return replace(faults, alarms=(*faults.alarms, (str(arguments["text"]), now)))


def _dimmer(faults: Faults, arguments: Mapping[str, Any], _now: float) -> Faults:
    more = {**faults.dimmer, arguments["interface"]: float(arguments["db"])}
    return replace(faults, dimmer=MappingProxyType(more))


def troubles(faults: Faults) -> frozenset[str]:
    """What a system is told of the faults when it boots, works or is asked."""
    said = {"flash_full": faults.flash_full, "standby_missing": faults.standby_missing}
    return frozenset(name for name, holds in said.items() if holds) | {
        one for one in (faults.bad_image,) if one
    }


def after_boot(
    faults: Faults, *, tried_other: bool, other_release: bool, lost_db: Mapping[str, float]
) -> Faults:
    """What stands wrong after a boot, which tried (and perhaps runs) another release.

    The light that a release loses (its image says so: `lost_db`, or a fault) is lost as long as it
    runs.
    """
    dimmed = {**lost_db, **faults.dimmer} if other_release else {**faults.dimmed, **faults.dimmer}
    return replace(
        faults,
        dimmer=MappingProxyType({}),
        dimmed=MappingProxyType(dimmed),
        bad_image="" if tried_other else faults.bad_image,
        never_back=False,
    )


POWER_LOSS = "power_loss"
CLEAR = "clear"

_TABLE = (
    Fault(
        name="link_down",
        title=N_("the fibre on one interface is cut"),
        arguments={"interface": None},
        apply=_link_down,
    ),
    Fault(
        name="attenuation",
        title=N_("the fibre on one interface loses more light, in dB"),
        arguments={"interface": None, "db": 12.0},
        apply=_attenuation,
    ),
    Fault(
        name="errors",
        title=N_("one interface counts receive errors"),
        arguments={"interface": None, "count": 1500},
        apply=_errors,
    ),
    Fault(
        name="alarm",
        title=N_("the chassis raises an alarm"),
        arguments={"text": "PEM 1 Not Powered"},
        apply=_alarm,
    ),
    Fault(
        name="hang",
        title=N_("connections are accepted, commands never answered"),
        apply=_set(hang=True),
    ),
    Fault(
        name="disconnect",
        title=N_("the session is cut in the middle of an answer, after some commands"),
        arguments={"after": 0},
        apply=_given("after", "disconnect_after", int),
    ),
    Fault(
        name="slow",
        title=N_("every command takes some seconds longer"),
        arguments={"seconds": 2.0},
        apply=_given("seconds", "slow_s", float),
    ),
    Fault(
        name="garbage",
        title=N_("random bytes stand in the answers"),
        apply=_set(garbage=True),
    ),
    Fault(
        name="wrong_prompt",
        title=N_("the prompt shows another host name"),
        arguments={"hostname": "other-host"},
        apply=_given("hostname", "wrong_prompt", str),
    ),
    Fault(
        name=POWER_LOSS,
        title=N_("power is lost for some seconds; then it boots from its startup configuration"),
        arguments={"seconds": 30.0},
        apply=_set(),
    ),
    Fault(
        name="clock_off",
        title=N_("the clock is wrong and follows no time server"),
        arguments={"offset": 97.0},
        apply=_given("offset", "clock_offset_s", float),
    ),
    Fault(
        name="service_stopped",
        title=N_("SSH connections are refused"),
        apply=_set(service_stopped=True),
    ),
    Fault(
        name="refuse_auth",
        title=N_("every password is refused"),
        apply=_set(refuse_auth=True),
    ),
    Fault(
        name="changed_host_key",
        title=N_("another host key is shown"),
        apply=_set(host_key_changed=True),
    ),
    Fault(
        name="old_crypto",
        title=N_("its SSH knows nothing but old algorithms"),
        arguments={"kex": "diffie-hellman-group14-sha1"},
        apply=_given("kex", "old_kex", str),
    ),
    Fault(
        name="bad_image",
        title=N_("the next release does not work: unit_fails or boot_loop"),
        arguments={"how": "unit_fails"},
        choices={"how": ("unit_fails", "boot_loop")},
        apply=_given("how", "bad_image", str),
    ),
    Fault(
        name="never_back",
        title=N_("it does not come back from its next reload"),
        apply=_set(never_back=True),
    ),
    Fault(
        name="dimmer_after_reload",
        title=N_("after its next reload one interface loses light, in dB, while that release runs"),
        arguments={"interface": None, "db": 6.0},
        apply=_dimmer,
    ),
    Fault(
        name="power_loss_install",
        title=N_("power is lost for some seconds, halfway through the next operation on software"),
        arguments={"seconds": 30.0},
        apply=_given("seconds", "power_loss_s", float),
    ),
    Fault(
        name="operation_hangs",
        title=N_("the next operation on software never ends"),
        apply=_set(operation_hangs=True),
    ),
    Fault(
        name="net_fires",
        title=N_("the timer that takes a release back runs out at once, when next it is started"),
        apply=_set(net_fires=True),
    ),
    Fault(
        name="flash_full",
        title=N_("no file system has room left"),
        apply=_set(flash_full=True),
    ),
    Fault(
        name="standby_missing",
        title=N_("the standby supervisor is not there"),
        apply=_set(standby_missing=True),
    ),
    Fault(
        name=CLEAR,
        title=N_("all faults are taken away"),
        apply=lambda _faults, _arguments, _now: Faults(),
    ),
)
FAULTS: Mapping[str, Fault] = {fault.name: fault for fault in _TABLE}


def arguments_of(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The fault's arguments with defaults filled in.

    Raises:
        InvalidInput: no such fault, an unknown argument or word, or one that is missing.
    """
    fault = FAULTS.get(name)
    if fault is None:
        raise InvalidInput(
            N_("there is no fault {name}"),
            hint=N_("one of: {known}"),
            name=name,
            known=", ".join(sorted(FAULTS)),
        )
    unknown = given.keys() - fault.arguments.keys()
    if unknown:
        raise InvalidInput(
            N_("the fault {name} takes no {argument}"), name=name, argument=min(unknown)
        )
    filled = {**fault.arguments, **given}
    missing = [argument for argument, value in filled.items() if value is None]
    if missing:
        raise InvalidInput(
            N_("the fault {name} needs {argument}=…"), name=name, argument=missing[0]
        )
    for argument, words in fault.choices.items():
        if filled[argument] not in words:
            raise InvalidInput(
                N_("the fault {name} knows no {argument}={word}"),
                hint=N_("one of: {known}"),
                name=name,
                argument=argument,
                word=filled[argument],
                known=", ".join(words),
            )
    return filled
