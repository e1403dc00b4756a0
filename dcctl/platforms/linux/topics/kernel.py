"""Kernel parameters."""

from __future__ import annotations

from typing import Any

from dcctl.facts.kernel import Kernel, Sysctl


def parse(data: Any) -> Kernel | None:
    """As /proc/sys has them."""
    return Kernel(
        release=data["release"],
        sysctls=tuple(
            Sysctl(name=name, value=value, settable=settable)
            for name, (value, settable) in sorted(data["sysctls"].items())
        ),
    )


PARSE = parse
