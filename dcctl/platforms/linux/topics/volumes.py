"""btrfs volumes, from the programs of btrfs-progs."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from dcctl.facts.volumes import Volume, VolumeDevice, Volumes

_COUNTERS = {
    "write_io_errs": "write_errors",
    "read_io_errs": "read_errors",
    "flush_io_errs": "flush_errors",
    "corruption_errs": "corruption_errors",
    "generation_errs": "generation_errors",
}
_PROFILE = r"(?m)^(Data|Metadata)(?:\+\w+)?, (\w+):"
_WHEN = "%a %b %d %H:%M:%S %Y"  # as `date` in the C locale


def parse(data: Any) -> Volumes | None:
    """None where no btrfs is mounted."""
    items = tuple(_volume(item, data) for item in data["volumes"])
    return Volumes(items=items) if items else None


def _volume(item: Any, data: Any) -> Volume:
    shown = _answer(item, "show")
    profiles = {
        kind.lower(): profile.lower() for kind, profile in re.findall(_PROFILE, _answer(item, "df"))
    }
    scrub = _scrub(_answer(item, "scrub"), data["now"])
    return Volume(
        mount=item["mount"],
        uuid=_one(r"uuid: (\S+)", shown),
        label=_one(r"Label: '([^']*)'", shown),
        profile=profiles["data"],
        metadata_profile=profiles.get("metadata", ""),
        devices=_devices(shown, _answer(item, "stats")),
        degraded="degraded" in item["options"],
        read_only="ro" in item["options"],
        scrub_timer_enabled=_timed(item["mount"], _one(r"Label: '([^']*)'", shown), data),
        **scrub,
    )


def _answer(item: Any, name: str) -> str:
    """What a program said; `device stats` and `scrub status` tell errors by their status too."""
    answer = item[name]
    if answer is None:
        message = "btrfs-progs is not installed"
        raise ValueError(message)
    if answer["code"] != 0 and not answer["out"]:
        raise ValueError(answer["err"].strip() or f"btrfs {name} failed")
    return str(answer["out"])


def _one(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    return found.group(1) if found else ""


def _devices(shown: str, stats: str) -> tuple[VolumeDevice, ...]:
    counters: dict[str, dict[str, int]] = {}
    for path, name, count in re.findall(r"(?m)^\[(.+?)\]\.(\w+)\s+(\d+)", stats):
        if name in _COUNTERS:
            counters.setdefault(path, {})[_COUNTERS[name]] = int(count)
    found: dict[str, bool] = {}  # path -> missing
    for line in re.findall(r"(?m)^\s*devid\s.*$", shown):
        path = _one(r" path (.*?)(?: MISSING)?\s*$", line)
        gone = "MISSING" in line or path in {"", "<missing disk>"}
        name = f"devid {_one(r'devid +([0-9]+)', line)}" if path in {"", "<missing disk>"} else path
        found[name] = gone
    total = int(_one(r"Total devices (\d+)", shown) or 0)
    for number in range(total - len(found)):
        found[f"missing {number + 1}"] = True
    return tuple(
        VolumeDevice(path=path, missing=gone, **counters.get(path, {}))
        for path, gone in found.items()
    )


def _scrub(text: str, now: str) -> dict[str, Any]:
    started = _one(r"Scrub (?:started|resumed):\s+(.+)", text).strip()
    if not started:
        return {}
    duration = [int(part) for part in (_one(r"Duration:\s+([\d:]+)", text) or "0:0:0").split(":")]
    age = (datetime.strptime(now, _WHEN) - datetime.strptime(started, _WHEN)).total_seconds()  # noqa: DTZ007 - both are the host's local time
    lasted = duration[0] * 3600 + duration[1] * 60 + duration[2]
    summary = _one(r"Error summary:\s+(.+)", text)
    status = _one(r"Status:\s+(\w+)", text)
    return {
        "scrub_age_s": max(0, int(age) - lasted) if status == "finished" else None,
        "scrub_status": status,
        "scrub_errors": sum(int(count) for count in re.findall(r"\w+=(\d+)", summary)),
        "scrub_uncorrectable": int(_one(r"Uncorrectable:\s+(\d+)", text) or 0),
    }


def _timed(mount: str, label: str, data: Any) -> bool:
    """Whether a scrub timer runs for it: by its label, by its mount (an instance), or for all."""
    escaped = mount.strip("/").replace("-", r"\x2d").replace("/", "-") or "-"
    for line in data["timers"].splitlines():
        words = line.split()
        if len(words) > 2 and words[2] == "active":  # noqa: PLR2004 - UNIT LOAD ACTIVE
            stem = words[0].removesuffix(".timer")
            if stem in {f"dcctl-scrub-{label}", "btrfs-scrub"} or stem.endswith(f"@{escaped}"):
                return True
    return False


PARSE = parse
