"""What one element's machine does, told as commands for a person's hands."""

from __future__ import annotations

import math
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dcctl import platforms
from dcctl.executors.upgrading.order import order_of
from dcctl.model.procedure import Act
from dcctl.model.upgrade import UpgradeNet
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dcctl.contracts import Platform, Stage, Upgrade
    from dcctl.executors.upgrading.order import Order
    from dcctl.model.plan import Step
    from dcctl.model.target import Target
    from dcctl.model.upgrade import Image

_OPTIONAL = ("{patch}", "{loader}", "{previous_patch}")
_LIVE = ("interfaces", "isis", "ospf")


class Handwork:
    """One upgrade step on paper."""

    def __init__(self, step: Step, target: Target) -> None:
        self.target = target
        self.order: Order = order_of(step)
        self.platform: Platform = platforms.get(target.platform)
        assert self.platform.upgrade is not None  # noqa: S101 - else nothing plans such a step
        self.upgrade: Upgrade = self.platform.upgrade
        self.image: Image = self.order.image

    def paths(self) -> Iterable[Act]:
        """How the elements of the paths that must stay are asked."""
        ends: dict[str, dict[str, set[str]]] = {}
        for path in self.order.keeps:
            for link in path.links:
                for near, far in ((link["a"], link["b"]), (link["b"], link["a"])):
                    seen = ends.setdefault(str(near["host"]), {})
                    words = f"{near['interface']} - {far['host']} {far['interface']}"
                    seen.setdefault(words, set()).update(link.get("protocols") or ())
        known = {target.name: target for target in self.order.kept}
        for name in sorted(ends.keys() & known.keys() - {self.target.name}):
            spoken = {protocol for of in ends[name].values() for protocol in of}
            topics = [topic for topic in _LIVE if topic == "interfaces" or topic in spoken]
            yield Act(
                on=name,
                commands=self.reading(platforms.get(known[name].platform), topics),
                expect=tuple(
                    Text(N_("{link}: up, with {protocols}"), {"link": link, "protocols": told})
                    if (told := ", ".join(sorted(of)))
                    else Text(N_("{link}: up"), {"link": link})
                    for link, of in sorted(ends[name].items())
                ),
            )

    @staticmethod
    def reading(platform: Platform, topics: Iterable[str]) -> tuple[str, ...]:
        """The commands that read `topics`."""
        found = (platform.collector(topic) for topic in topics)
        return tuple(dict.fromkeys(c for one in found if one is not None for c in one.commands))

    def configured(self, lines: Sequence[str]) -> tuple[str, ...]:
        """Configuration lines, from entering to where they stand over a reload."""
        return (self.platform.enter, *lines, *self.upgrade.keep_shown)

    @cached_property
    def drains(self) -> tuple[str, ...]:
        """The lines that lead traffic round it."""
        return self.upgrade.drain(self.target) if self.order.drain else ()

    def ports(self) -> Iterable[Any]:
        """Its ports towards others."""
        return (port for port in self.target.interfaces if port.link and port.enabled)

    @property
    def net_minutes(self) -> int:
        """How long its safety net holds."""
        least, most = self.upgrade.net_range_s
        seconds = min(max(self.order.net_s, least), most) if most else self.order.net_s
        return math.ceil(seconds / 60)

    def ways(self) -> Iterable[Act]:
        """The stages of the activation, in every way that the device may choose."""
        ways: Sequence[tuple[str, tuple[Stage, ...]]] = self.upgrade.ways
        if not ways:
            ways = (("", self.upgrade.stages(_NoSession(), self.image)),)  # type: ignore[arg-type] # it asks no device
        for when, stages in ways:
            for number, stage in enumerate(stages):
                yield Act(
                    commands=self.filled(stage.shown),
                    expect=(self.arrives(stage),),
                    when=Text(when) if when and number == 0 else None,
                )

    def arrives(self, stage: Stage) -> Text:
        """What is seen when a stage has had its effect."""
        if not stage.reloads:
            return Text(
                N_("{stage}: done when its effect is seen"), {"stage": stage.name.replace("_", " ")}
            )
        return Text(
            N_("{stage}: it goes down, answers again within {minutes} minutes and runs {release}"),
            {
                "stage": stage.name.replace("_", " "),
                "minutes": minutes_of(self.upgrade.boot_s),
                "release": self.image.version,
            },
        )

    def patience(self) -> Iterable[Act]:
        """What to do where it does not answer."""
        words = {
            UpgradeNet.TIMER: N_("unreachable: wait until the timer has run out, it reloads then"),
            UpgradeNet.LOGIN: N_("do not log in before the timer has run out: it reloads then"),
            UpgradeNet.UNCOMMITTED: N_("unreachable: a reload from its console brings it back"),
            UpgradeNet.NONE: N_("unreachable: only its console is left, or somebody on site"),
        }
        yield Act(expect=(Text(words[self.upgrade.net]),))

    def filled(self, shown: Sequence[str], file: str = "") -> tuple[str, ...]:
        """The commands for this very element; those of a patch or loader that is not are left."""
        values = self._values()
        if file:
            values["file"] = file
        return tuple(
            _filled(line, values)
            for line in shown
            if not any(name in line and not values[name[1:-1]] for name in _OPTIONAL)
        )

    def _values(self) -> dict[str, str]:
        old = self.order.previous
        file, previous = _file(self.image), _file(old) if old else ""
        return {
            "file": file,
            "folder": file.rpartition("/")[0],
            "version": self.image.version,
            "patch": _file(self.image, "patch"),
            "loader": _file(self.image, "bootloader"),
            "previous": previous or f"<{self.order.running}>",
            "previous_folder": previous.rpartition("/")[0] or f"<{self.order.running}>",
            "previous_patch": _file(old, "patch") if old else "",
            "minutes": str(self.net_minutes),
            "seconds": str(self.net_minutes * 60),
        }


def _file(image: Image, role: str = "system") -> str:
    return next((file.name for file in image.files if file.role == role), "")


def _filled(line: str, values: Mapping[str, str]) -> str:
    """`line` with what is known filled in; other braces are the device's own."""
    return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], match[0]), line)


def minutes_of(seconds: float) -> int:
    """Whole minutes, rounded up."""
    return math.ceil(seconds / 60)


class _NoSession:
    """Of platforms that ask the device there are `ways`: nothing asks this."""
