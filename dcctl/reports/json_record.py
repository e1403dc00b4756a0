"""The whole record as canonical JSON (RFC 8785), for programs.

Its schema is templates/reports/record.schema.json.
"""

from __future__ import annotations

from dcctl.contracts import Report
from dcctl.model import plain
from dcctl.model.record import RunRecord
from dcctl.text import N_

SCHEMA = "dcctl-record/1"


def render(record: RunRecord, _language: str) -> bytes:
    """Complete and in no language: message ids with their parameters."""
    data = {
        "schema": SCHEMA,
        "exit_code": int(record.exit_code()),
        "step_counts": dict(record.step_counts()),
        "finding_counts": dict(record.finding_counts()),
        **plain.shallow(record),
    }
    return plain.canonical(data) + b"\n"


REPORT = Report(
    format="json",
    title=N_("The whole record, for programs"),
    media_type="application/json",
    suffix=".json",
    render=render,
)
