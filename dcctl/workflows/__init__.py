"""One use case, one file: `verb(request, services) -> RunRecord` (or plain data).

Nothing here prints or exits.

This is also the Python API:

    from pathlib import Path
    from dcctl.workflows.services import open_site
    from dcctl.workflows.check import CheckRequest, check

    with open_site(Path("mysite")) as services:
        record = check(CheckRequest(limit="province_01", checks=("health",)), services)
        print(record.finding_counts(), record.exit_code())
"""
