"""Linux servers: read by probes in one round trip, built by Ansible roles."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from dcctl import discovery
from dcctl.contracts import Collector, Output, Platform
from dcctl.errors import Unparsed
from dcctl.platforms.linux.commands import READ_ONLY
from dcctl.text import N_

_PROBES = Path(__file__).parent / "probes"


def _parse(topic: str, parse: Callable[[Any], Any], outputs: Sequence[Output]) -> Any:
    """A probe's answer as a fact; whatever does not fit is Unparsed, never a guess."""
    output = outputs[0]
    if output.failed:
        raise Unparsed(
            N_("the probe of {topic} failed: {error}"), topic=topic, error=output.text[-300:]
        )
    try:
        return parse(json.loads(output.text))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise Unparsed(
            N_("the probe of {topic} answered something unexpected: {error}"),
            topic=topic,
            error=f"{type(error).__name__}: {error}",
        ) from error


def _collectors() -> tuple[Collector, ...]:
    """One for each module of `topics/`: its `PARSE`, and the probe of the same name."""
    before = (_PROBES / "_reading.py").read_text(encoding="utf-8")
    found = discovery.scan("dcctl.platforms.linux.topics", "PARSE", object)
    return tuple(
        Collector(
            topic=topic,
            commands=(before + (_PROBES / f"{topic}.py").read_text(encoding="utf-8"),),
            parse=partial(_parse, topic, parse),  # type: ignore[arg-type]  # scan gives objects
        )
        for topic, parse in found.items()
    )


PLATFORM = Platform(
    name="linux",
    title="Linux",
    executor="server_shell",
    read_only=READ_ONLY,
    secret_patterns=(
        r"(?i)(?:password|(?<!no)passwd|secret|token)\s*[=:]\s*(?P<secret>\S+)",
        r"(?P<secret>\$(?:1|2[aby]?|5|6|y|gy)\$[./A-Za-z0-9$=,+-]{8,})",
    ),
    collectors=_collectors(),
    beside="redfish",
    config_probe="".join(
        (_PROBES / name).read_text(encoding="utf-8") for name in ("_reading.py", "_unchanged.py")
    ),
)
