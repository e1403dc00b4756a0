"""What the console of an element tells when its own door answers nobody.

It is only read: whatever it shows, nothing is changed over it, and a person decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.errors import DcctlError, JournalError
from dcctl.executors import _outcomes
from dcctl.model.upgrade import UpgradeNet
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from dcctl.executors.upgrading.element import Element

TOLD = "console"  # among what an outcome tells besides its message


def look(element: Element, net_left: float) -> str:
    """What its console tells of it, kept with the outcome; nothing where it has none.

    It is not asked while a login would end the safety net, which has `net_left` seconds left.

    Raises:
        JournalError: what can't be written down must not go on.
    """
    if element.net is UpgradeNet.LOGIN and net_left > 0 and not element.entered:
        return ""
    try:
        session = element.door.console()
        if session is None:
            return ""
        try:
            now = element.upgrade.installed(session)
        finally:
            session.close()
    except JournalError:
        raise
    except DcctlError as error:
        told = str(_outcomes.message_of(error))
    else:
        told = str(Text(N_("it runs {release}"), {"release": now.running}))
    element.data[TOLD] = told
    return told
