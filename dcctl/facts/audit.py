"""The kernel's audit: whether it runs, what it watches, and what happens when its disk fills."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The audit daemon and the rules that are loaded; `mode` is 0 off, 1 on, 2 on and locked.

    `own` is false in a container: the kernel's audit belongs to the machine below.
    """

    own: bool = True
    running: bool
    enabled_at_boot: bool | None = None
    mode: int | None = None
    rules: tuple[str, ...] | None = None  # None: they could not be read
    space_left_action: str = ""  # lower case: ignore, syslog, email, exec ...
    admin_space_left_action: str = ""


FACT = Audit
