"""The upgrade of one element's software: a machine of journalled phases that can be taken back.

| module | what |
|---|---|
| `order` | what the plan says is to be done |
| `door` | how the machine reaches its element |
| `console` | what its console tells when its door answers nobody |
| `journal` | which phases were begun and ended, in this process or in one that died |
| `live` | the paths that must stay, asked just before the element is touched |
| `files` | the image's files on the element's supervisors |
| `detour` | traffic led round the element, and back |
| `proof` | snapshots and the gates between them |
| `element` | what is known of the element, and how it is looked at |
| `waiting` | an element that reloads: until it is back, or until that can't be hoped for |
| `phases` | what each phase does to the element, or asks of it |
| `ending` | the one outcome, and what it tells |
| `machine` | the phases in their order, and what follows when one fails |
| `resuming` | what a process that died had begun: read from the element, never repeated blindly |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.errors import Refused
from dcctl.executors.upgrading.order import order_of
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from dcctl.contracts import Platform, Session
    from dcctl.model.plan import Step
    from dcctl.model.upgrade import Installed


def installed(platform: Platform) -> Callable[[Session], Installed]:
    """What reads the installed software of a platform.

    Raises:
        Refused: there is no way to upgrade it.
    """
    if platform.upgrade is None:
        raise Refused(N_("{platform}: no way to upgrade it"), platform=platform.name)
    return platform.upgrade.installed


def prediction(step: Step, now: Installed) -> tuple[str, ...]:
    """What an upgrade would change, a line each; nothing where the release runs already."""
    wanted = order_of(step).image.version
    if now.running == wanted and now.committed is not False:
        return ()
    return (f"- release {now.running}", f"+ release {wanted}")
