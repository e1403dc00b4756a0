"""The templates of reports: escaped, strict, found beside the package's other data."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from dcctl import discovery
from dcctl.reports._rows import clean

if TYPE_CHECKING:
    from jinja2 import Template


@cache
def template(name: str) -> Template:
    """The template of that file name; the filter `clean` is what every format shows of a text."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(discovery.data_root() / "templates" / "reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["clean"] = clean
    return environment.get_template(name)
