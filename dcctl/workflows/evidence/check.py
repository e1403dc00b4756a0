"""Whether an evidence pack is whole and true: needs no site, no journal and no device."""

from __future__ import annotations

import json
import zlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from dcctl.executors import signing
from dcctl.model import plain
from dcctl.model.approval import Purpose
from dcctl.model.plan import Plan
from dcctl.planning.certificate_checker import objections
from dcctl.workflows.evidence import bundle, verify_evidence
from dcctl.workflows.journal import heads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from zipfile import ZipFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a pack is; `wrong` is empty where nothing was found."""

    run: str
    plan: str
    seal: str
    files: int
    approvals: int
    proven: bool  # by a checkpoint that the policy's keys signed
    wrong: tuple[str, ...]


def check(
    path: Path, seal: str = "", *, policy: Path | None = None, seen: Path | None = None
) -> Verdict:
    """Check a pack: what `verify_evidence.py` looks at, and what needs more than Python.

    Args:
        path: the pack.
        seal: what it was told to be when it was made (the beginning is enough).
        policy: the keys that count, from elsewhere than from the pack.
        seen: a checkpoint that was kept; the pack's log must go on from it.

    Raises:
        InvalidInput: it is no ZIP file.
    """
    keys, kept = (heads.read_text(one) if one else None for one in (policy, seen))
    found, proven = verify_evidence.verdict(str(path), keys, kept)
    with bundle.opened(path) as archive:
        own = bundle.seal_of(archive)
        if seal and not own.startswith(seal.lower()):
            found.append(f"the seal is {own[:12]}, not {seal[:12]}")
        for judge in (_run, _plan, _certificate, _approvals):
            found += _judged(judge, archive)
        told: dict[str, Any] = {}
        with suppress(KeyError, ValueError, BadZipFile, zlib.error):  # that is in `found`
            told = dict(_read(archive, "manifest.json"))
        names = archive.namelist()
        return Verdict(
            run=str(told.get("run", "")),
            plan=str(told.get("plan", "")),
            seal=own,
            files=len(names),
            proven=proven and not found,
            approvals=sum(name.endswith(".statement") for name in names),
            wrong=tuple(dict.fromkeys(found)),
        )


def _judged(judge: Callable[[ZipFile], Iterator[str]], archive: ZipFile) -> list[str]:
    """What `judge` finds; that it can't read its files is a finding too."""
    try:
        return list(judge(archive))
    except Exception as error:  # noqa: BLE001 - a made-up pack may break any reader; it is wrong then
        return [f"{judge.__name__.lstrip('_')}: can't be judged: {str(error)[:160]}"]


def _read(archive: ZipFile, name: str) -> Any:
    return json.loads(archive.read(name))


def _run(archive: ZipFile) -> Iterator[str]:
    """The manifest names the run that the log tells of."""
    lines = map(json.loads, archive.read("log/leaves.jsonl").splitlines())
    began = next(leaf for leaf in lines if leaf.get("type") == "run")
    said = _read(archive, "manifest.json")
    for name in ("run", "plan", "estate", "lab", "versions"):
        if said[name] != began[name]:
            yield f"manifest.json: another {name} than the log tells of"


def _plan(archive: ZipFile) -> Iterator[str]:
    """The plan's hash is that of its content, and the run's."""
    plan = plain.from_plain(Plan, _read(archive, "plan.json"))
    if plan.content_hash() != plan.hash:
        yield "plan.json: its hash is not that of its content"
    if _read(archive, "record.json")["run"]["plan_hash"] != plan.hash:
        yield "record.json: of another plan"
    if _read(archive, "manifest.json")["plan"] != plan.hash:
        yield "manifest.json: of another plan"


def _certificate(archive: ZipFile) -> Iterator[str]:
    """The waves keep their promises, and are those of the plan."""
    if "certificate/both.json" not in archive.namelist():
        if _read(archive, "plan.json").get("certificate"):
            yield "certificate/both.json: missing"
        return
    both = _read(archive, "certificate/both.json")
    if both["certificate"] != _read(archive, "plan.json")["certificate"]:
        yield "certificate/both.json: not the plan's certificate"
    if both["certificate"]:
        for told in objections(both["topology"], both["certificate"]):
            yield f"certificate: {told}"


def _approvals(archive: ZipFile) -> Iterator[str]:
    """Each approval is of this plan, and its signature good by the signers in the pack."""
    names = archive.namelist()
    signers = ""
    if "approvals/allowed_signers" in names:
        signers = archive.read("approvals/allowed_signers").decode()
    plan = _read(archive, "plan.json")["hash"]
    for name in sorted(names):
        if not (name.startswith("approvals/") and name.endswith(".statement")):
            continue
        text = archive.read(name).decode()
        said = json.loads(text)
        if said["plan"] != plan:
            yield f"{name}: of another plan"
        good = signing.verify(
            text,
            archive.read(f"{name}.sig").decode(),
            signers=signers,
            principal=said["approver"],
            namespace=Purpose.PLAN,
            at=datetime.fromisoformat(said["at"]),
        )
        if not good:
            yield f"{name}: the signature is not good"
