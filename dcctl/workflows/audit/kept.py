"""Kept assessments: what `dcctl audit evaluate --output json` told then."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from dcctl.errors import InvalidInput
from dcctl.model import plain
from dcctl.model.assessment import Assessment
from dcctl.text import N_

if TYPE_CHECKING:
    from pathlib import Path


def read_kept(path: Path) -> Assessment:
    """The assessment in a file.

    Raises:
        InvalidInput: it can't be read, or is none.
    """
    try:
        return plain.from_plain(Assessment, json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise InvalidInput(
            N_("{path} can't be read: {reason}"), path=str(path), reason=error.strerror
        ) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InvalidInput(
            N_("{path} is no kept assessment"),
            hint=N_("one is made by: dcctl audit evaluate RUN --output json"),
            path=str(path),
        ) from error


def require_run(kept: Assessment, run: str, path: Path | None) -> None:
    """Refuse what judges another run.

    Raises:
        InvalidInput: it does.
    """
    if kept.run != run:
        raise InvalidInput(
            N_("{path} judges run {other}, not {run}"), path=str(path), other=kept.run, run=run
        )
