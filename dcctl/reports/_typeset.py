"""HTML set as PDF by WeasyPrint: one free font embedded, no network, the same bytes every time."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from dcctl.errors import MissingDependency
from dcctl.text import N_

# Those like Times New Roman first, which NĐ 30/2020 asks for; all cover Vietnamese.
FAMILIES = ("Liberation Serif", "Tinos", "Noto Serif", "DejaVu Serif")
_FACES = {"Regular": (400, "normal"), "Bold": (700, "normal"), "Italic": (400, "italic")}
_ALIKE = {"Book": "Regular"}  # DejaVu's word


def typeset(page: str, identity: str) -> bytes:
    """`page` as PDF; `identity` tells two documents apart.

    Raises:
        MissingDependency: WeasyPrint, what it needs of Debian, or a font is not installed.
    """
    weasyprint = _weasyprint()
    faces = _faces()
    fonts = weasyprint.text.fonts.FontConfiguration()
    rules = "".join(
        f"@font-face {{ font-family: paper; font-weight: {weight}; font-style: {style};"
        f' src: url("{faces[name].as_uri()}") }}\n'
        for name, (weight, style) in _FACES.items()
        if name in faces
    )
    fetch = _only({path.as_uri(): path for path in faces.values()})
    document = weasyprint.HTML(
        string=unicodedata.normalize("NFC", page), base_url=None, url_fetcher=fetch
    )
    sheet = weasyprint.CSS(string=rules, font_config=fonts, url_fetcher=fetch)
    made: bytes = document.write_pdf(
        stylesheets=[sheet],
        font_config=fonts,
        pdf_identifier=identity.encode("ascii"),
        pdf_tags=True,
        custom_metadata=True,
    )
    return made


def _weasyprint() -> Any:
    try:
        import weasyprint
        import weasyprint.text.fonts
    except ImportError as error:
        raise MissingDependency(
            N_("PDF needs WeasyPrint, which is not installed"),
            hint=N_("pip install 'dcctl[pdf]'"),
        ) from error
    except OSError as error:  # it is there, and Pango is not
        raise MissingDependency(
            N_("PDF needs Pango: {error}"),
            hint=N_("apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"),
            error=str(error).splitlines()[0],
        ) from error
    return weasyprint


@cache
def _faces() -> dict[str, Path]:
    """The files of the first family that covers Vietnamese, by style."""
    for family in FAMILIES:
        found: dict[str, Path] = {}
        for line in sorted(_listed(family)):
            style, _, file = line.partition("\t")
            for word in style.split(","):
                found.setdefault(_ALIKE.get(word, word), Path(file))
        if "Regular" in found and "Bold" in found:
            return found
    raise MissingDependency(
        N_("PDF needs a font that covers Vietnamese: {families}"),
        hint=N_("apt-get install fontconfig fonts-liberation2"),
        families=", ".join(FAMILIES),
    )


def _listed(family: str) -> list[str]:
    program = shutil.which("fc-list")
    if program is None:
        return []
    pattern = f":family={family}:lang=vi:fontformat=TrueType:variable=false"
    argv = [program, "-f", "%{style}\t%{file}\n", pattern]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()


def _only(files: dict[str, Path]) -> Any:
    """A fetcher that gives these files and nothing else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Ours(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            del headers
            if url not in files:
                message = f"{url} is not fetched"
                raise ValueError(message)
            return URLFetcherResponse(url, files[url].read_bytes())

    return Ours()
