"""What the roles install, and so what the lab's mirror must hold: read from the roles themselves.

A role that installs packages names them in a list called `…_packages` in its `defaults/main.yml`
(or under `packages:` in its `dcctl.yml`); the mirror follows, and is rebuilt when the list changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from dcctl import discovery

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What the lab's own tests and faults install.
OWN = ("less", "tzdata", "btrfs-progs", "chrony")


def wanted(site_root: Path | None = None) -> tuple[str, ...]:
    """The Debian packages that the packaged roles, and the site's own, install."""
    found = set(OWN)
    for root in filter(None, (discovery.data_root(), site_root)):
        for pattern in ("roles/*/defaults/main.yml", "roles/*/dcctl.yml"):
            for file in sorted(root.glob(pattern)):
                found.update(_lists(_read(file)))
    return tuple(sorted(found))


def _read(file: Path) -> Any:
    try:
        return yaml.load(file.read_text(), Loader=yaml.CSafeLoader)
    except (OSError, yaml.YAMLError):
        return None  # whoever applies the role says what is wrong with it


def _lists(data: Any) -> Iterator[str]:
    """The names in all lists of packages, wherever in `data` they stand.

    Templated names are left out.
    """
    if not isinstance(data, dict):
        return
    for name, value in data.items():
        if isinstance(value, dict):
            yield from _lists(value)
        elif isinstance(value, list) and (name == "packages" or str(name).endswith("_packages")):
            yield from (item for item in value if isinstance(item, str) and "{" not in item)
