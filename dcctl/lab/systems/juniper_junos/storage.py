"""`show system storage`, and what `request system storage cleanup` offers to delete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dcctl.lab.elements.model import Reply
from dcctl.lab.elements.scene import Scene
from dcctl.lab.systems.juniper_junos.scene import cell
from dcctl.lab.systems.juniper_junos.software import installed

COMMANDS = (
    ("show system storage [(detail|no-forwarding)]", "storage"),
    ("request system storage cleanup [(no-confirm|dry-run)]", "cleanup"),
)
_BLOCK = 512


def _systems(scene: Scene) -> list[tuple[str, int, int, int, str]]:
    """(name, size, used, free, mounted on), in bytes."""
    home = f"re{installed(scene.element).master}"
    store = next(
        (one for one in scene.element.stores if one.supervisor == home), scene.element.stores[0]
    )
    free = 0 if "flash_full" in scene.around.troubles else store.free
    used = store.size - free
    mib = 1 << 20
    return [
        ("/dev/gpt/junos", 6144 * mib, 1433 * mib, 4220 * mib, "/.mount"),
        ("tmpfs", 8192 * mib, mib // 2, 8191 * mib, "/.mount/tmp"),
        ("tmpfs", 1331 * mib, 3 * mib, 1328 * mib, "/.mount/mfs"),
        ("/dev/gpt/config", 793 * mib, mib, 728 * mib, "/.mount/config"),
        ("/dev/gpt/var", store.size, used, free, "/.mount/var"),
    ]


def _short(size: int) -> str:
    for power, letter in ((30, "G"), (20, "M")):
        if size >= 1 << power:
            amount = size / (1 << power)
            return f"{amount:.1f}{letter}" if amount < 10 else f"{amount:.0f}{letter}"  # noqa: PLR2004
    return f"{size >> 10}K"


def storage(scene: Scene) -> str:
    """`show system storage`."""
    rows = ["Filesystem              Size       Used      Avail  Capacity   Mounted on"]
    for name, size, used, free, at in _systems(scene):
        share = f"{100 * used // size}%"
        rows.append(
            f"{name:<18} {_short(size):>9} {_short(used):>10} {_short(free):>10} {share:>8}   {at}"
        )
    return "\n".join([*rows, ""])


def storage_data(scene: Scene) -> Any:
    """`show system storage` as JSON data; blocks of 512 bytes."""

    def blocks(size: int) -> list[dict[str, Any]]:
        return [{"data": str(size // _BLOCK), "attributes": {"junos:format": _short(size)}}]

    found = [
        {
            "filesystem-name": cell(name),
            "total-blocks": blocks(size),
            "used-blocks": blocks(used),
            "available-blocks": blocks(free),
            "used-percent": cell(f" {100 * used // size}"),
            "mounted-on": cell(at),
        }
        for name, size, used, free, at in _systems(scene)
    ]
    return {"system-storage-information": [{"filesystem": found}]}


def _cleanup(scene: Scene) -> Reply:
    listed = (
        "\nList of files to delete:\n\n         Size Date         Name\n"
        "   11.4K Nov 20 10:14 /var/log/messages.0.gz\n  124.0K Nov 20 10:14 /var/log/wtmp.0.gz\n"
    )
    if scene.line.endswith("dry-run"):
        return scene.reply(listed)
    if scene.line.endswith("no-confirm"):
        return scene.reply(f"{listed}\n")
    asking = replace(
        scene.terminal, pending="cleanup 0", question="Delete these files ? [yes,no] (no) "
    )
    return Reply(text=listed, element=scene.element, terminal=asking)


ACTIONS: dict[str, Callable[[Scene], Reply]] = {"cleanup": _cleanup}
