"""How a configuration is changed under a safety net."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dcctl.contracts._doors import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Remediation:
    """From running to intended: what to send, what would go, and what could not be understood."""

    lines: tuple[str, ...]  # configuration lines in order; empty: nothing to do
    diff: tuple[str, ...]  # for people: unified, `+` and `-`
    destructive: tuple[str, ...] = ()  # negations that need approval
    not_understood: tuple[str, ...] = ()
    prepare: tuple[str, ...] = ()  # what the safety net itself needs first; it is not taken back


@dataclass(frozen=True, slots=True, kw_only=True)
class ReloadNet:
    """The last resort of a device without a safety net: it boots what it has saved.

    Used only where `Change.apply` is None and it was approved by itself, since it takes traffic
    down with it. A session is lost when the device reloads.
    """

    arm: Callable[[Session, int], None]  # saves what runs, then plans a reload in so many seconds
    cancel: Callable[[Session], None]  # calls the planned reload off
    boot_s: int = 900  # until it answers again


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How a configuration is read, changed under a safety net, confirmed, taken back and saved.

    `apply` leaves the change unconfirmed: it reverts by itself after `seconds` unless `confirm` is
    called.
    A platform that has no safety net gives `apply=None`, and the change is refused unless policy
    says otherwise.
    """

    running: Callable[[Session], str]
    remediate: Callable[[str, str], Remediation]  # (running, intended), pure
    apply: (
        Callable[[Session, Remediation, int], None] | None
    )  # (session, remediation, seconds until it reverts)
    confirm: Callable[[Session], None]
    revert: Callable[[Session], None]
    save: Callable[[Session], None]
    # (running, backup): as `remediate`, but what the backup doesn't mention goes too; pure. None:
    # a backup is brought back section by section only.
    replace: Callable[[str, str], Remediation] | None = None
    # What is unconfirmed waits in the session that applied it: it alone confirms, and stays open
    # beside the new login that looks.
    held: bool = False
    # Whether this very device has the safety net of its platform (an older release may have none:
    # it is changed as a platform without one is). None: every device has it.
    guarded: Callable[[Session], bool] | None = None
    # Whose change waits to be confirmed on the device, in its own words, or nothing: it would be
    # confirmed or taken back with ours. Asked before anything is changed.
    pending: Callable[[Session], str] | None = None
    reload_net: ReloadNet | None = None  # what `--approve-reload` may use; None: it has none
    # Of a running configuration, the lines that the safety net itself still needs
    # (`Remediation.prepare` of a change that was not made by `remediate`); pure.
    needs: Callable[[str], tuple[str, ...]] = lambda _running: ()
    # Lines that a device has by itself and no intended configuration mentions, as expressions; a
    # line stands below its sections: `redundancy > mode sso`.
    native: tuple[str, ...] = ()
