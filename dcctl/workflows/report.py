"""Report: render a run again, from the journal alone."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dcctl import reports
from dcctl.errors import InvalidInput
from dcctl.model.record import RunRecord
from dcctl.text import N_, user_language
from dcctl.workflows.journal import whole
from dcctl.workflows.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRequest:
    """Which run, which format, which language."""

    run: str = "latest"
    format: str = "markdown"
    language: str = ""


def report(request: ReportRequest, services: Services) -> bytes:
    """The report's bytes; the same for the same run, format and language."""
    return rendered(services.journal.record(request.run), request, services)


def rendered(record: RunRecord, request: ReportRequest, services: Services) -> bytes:
    """A record in the format and the language that were asked for."""
    language = request.language or services.estate.site_config.language or user_language()
    proven = replace(record, checkpoint=_checkpoint(record, services))
    return reports.render(proven, request.format, language)


def _checkpoint(record: RunRecord, services: Services) -> str:
    """The first signed head of the log over the whole run; nothing where none is good.

    Raises:
        JournalError: the journal has not what was logged of the run.
    """
    over = whole.heads_over(record.run.id, services)
    return " ".join(over[0].checkpoint.text.split()) if over else ""


def write(path: Path, content: bytes) -> Path:
    """Write a file whole or not at all.

    Raises:
        InvalidInput: it can't be written there.
    """
    try:
        # Only the site's own working folder is made; a mistyped path is told.
        if not path.parent.is_dir() and ".dcctl" in path.parts:
            path.parent.mkdir(parents=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".dcctl-") as folder:
            fresh = Path(folder) / path.name
            with fresh.open("xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            return fresh.replace(path)
    except OSError as error:
        raise InvalidInput(
            N_("{path} can't be written: {reason}"), path=str(path), reason=error.strerror
        ) from error


def make_folder(folder: Path) -> None:
    """Make a folder that may be there already.

    Raises:
        InvalidInput: it can't be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(
            N_("{folder} can't be made: {reason}"), folder=str(folder), reason=error.strerror
        ) from error


def write_json(path: Path, data: Any) -> Path:
    """Write plain data as JSON for people."""
    return write(path, (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode())
