"""Results that somebody altered: with care (all sums fit again) or without."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

from dcctl.workflows.audit.kit import result as results
from dcctl.workflows.evidence.bundle import SUMS, _close, writing

Files = dict[str, bytes]
_AWAY = (SUMS,)


def files(path: Path) -> Files:
    with zipfile.ZipFile(path) as archive:
        return {n: archive.read(n) for n in archive.namelist() if n not in _AWAY}


def pack(content: Files, path: Path) -> Path:
    """A whole archive of these files: every sum fits."""
    with writing(path) as bundle:
        for name, data in content.items():
            bundle.add(name, data)
    return path


def resealed(content: Files) -> Files:
    """The counts and the head made to fit what is in it."""
    told = json.loads(content[results.RESULT])
    logs = {n.split("/")[1]: d for n, d in content.items() if n.endswith(results.EVENTS)}
    told["events"] = {shard: data.count(b"\n") for shard, data in logs.items()}
    data = json.dumps(told, indent=1, sort_keys=True).encode()
    lines = [line for shard in sorted(logs) for line in logs[shard].splitlines()]
    head = results.head_of(told["run"], [data, *lines]).text.encode()
    return {**content, results.RESULT: data, results.HEAD: head}


def told(content: Files, **changed: object) -> Files:
    data = json.loads(content[results.RESULT]) | changed
    return resealed({**content, results.RESULT: json.dumps(data).encode()})


def log_of(content: Files) -> str:
    return next(name for name in content if name.endswith(results.EVENTS))


def blob_of(content: Files) -> str:
    return next(name for name in content if name.endswith(".z"))


def events(content: Files, change: Callable[[list[dict]], Iterable[dict] | None]) -> Files:
    """With other events; numbered anew, and sealed again."""
    name = log_of(content)
    told = [json.loads(line) for line in content[name].splitlines()]
    kept = change(told)
    told = told if kept is None else list(kept)
    lines = [line_of(one | {"sequence": number}) for number, one in enumerate(told, 1)]
    return resealed({**content, name: b"".join(lines)})


def line_of(event: dict) -> bytes:
    """As a shard's log has it: the data last."""
    data = event.pop("data")
    head = json.dumps(event, separators=(",", ":"))[:-1]
    return f'{head},"data":{json.dumps(data, separators=(",", ":"))}}}\n'.encode()


def first(told: list[dict], kind: str) -> dict:
    return next(one for one in told if one["kind"] == kind)


def other_evidence(content: Files, data: bytes) -> Files:
    """One answer replaced, its digest and all that tells of it made to fit."""
    name = blob_of(content)
    old, new = Path(name).stem, hashlib.sha256(data).hexdigest()
    changed = {n: d.replace(old.encode(), new.encode()) for n, d in content.items() if n != name}
    return resealed({**changed, name.replace(old, new): zlib.compress(data)})


def raw(content: Files, path: Path, extra: Callable[[zipfile.ZipFile], None]) -> Path:
    """An archive with something that `Bundle` would never write; its comment fits."""
    sums = "".join(f"{hashlib.sha256(d).hexdigest()}  {n}\n" for n, d in sorted(content.items()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
        extra(archive)
        archive.writestr(SUMS, sums)
        archive.comment = b"0" * 64
    _close(path)
    return path
