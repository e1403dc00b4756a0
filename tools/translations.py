"""Translations: find every marked string, hold the catalogues to them, find strings nobody marked.

python -m tools.translations check     what CI runs: nothing unmarked, nothing untranslated
python -m tools.translations update    bring the .po files up to date
python -m tools.translations compile   .po -> .mo
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "dcctl"
LOCALE = PACKAGE / "locale"
DOMAIN = "dcctl"
KEYWORDS = {"_": None, "N_": None}
METHODS = [("locale/**", "ignore"), ("_data/**", "ignore"), ("**.py", "python")]

# Calls whose first argument a person reads, by the part of the tree where the rule holds.
_SHOWN = {"say", "put", "confirm", "prompt", "BadParameter", "table"}
_SHOWN_KEYWORDS = {"help", "epilog", "short_help"}
_ERRORS = set(re.findall(r"^class (\w+)\(", (PACKAGE / "errors.py").read_text(), re.MULTILINE))
_CHECK_FIELDS = {"title", "rationale", "remediation"}
_NAMES = re.compile(r"\{[^}]*\}|dcctl")  # placeholders, and what is called so in every language
_WORDS = re.compile(r"[A-Za-z]{3,}")


def main() -> int:
    """One verb."""
    verb = sys.argv[1] if len(sys.argv) > 1 else "check"
    return {"check": check, "update": update, "compile": compile_}[verb]()


def extracted() -> Catalog:
    """Every marked string of the package, without line numbers (they only make noise in diffs)."""
    catalogue = Catalog(domain=DOMAIN, project="dcctl", fuzzy=False)
    # Babel leaves folders out whose name begins with an underscore; ours hold words too.
    found = extract_from_dir(
        PACKAGE, METHODS, keywords=KEYWORDS, directory_filter=lambda _folder: True
    )
    for file, _line, message, _comments, _context in sorted(found, key=lambda row: row[0]):
        if message:
            catalogue.add(message, locations=[(file, None)])
    return catalogue


def catalogues() -> Iterator[tuple[Path, Catalog]]:
    """Each language's catalogue."""
    for path in sorted(LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        with path.open("rb") as stream:
            yield path, read_po(stream, locale=path.parts[-3], domain=DOMAIN)


def update() -> int:
    """Add new strings to each catalogue, drop those that are gone."""
    template = extracted()
    for path, catalogue in catalogues():
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with path.open("wb") as stream:
            write_po(stream, catalogue, width=100, sort_output=True, ignore_obsolete=True)
    return 0


def compile_() -> int:
    """Make the .mo files that gettext reads."""
    for path, catalogue in catalogues():
        with path.with_suffix(".mo").open("wb") as stream:
            write_mo(stream, catalogue)
    return 0


def check() -> int:
    """Complain about strings that are not marked, not translated, or lost a placeholder."""
    complaints = [*unmarked(), *untranslated()]
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


def untranslated() -> Iterator[str]:
    """Marked strings without a translation, and translations with other placeholders."""
    template = extracted()
    for path, catalogue in catalogues():
        name = path.relative_to(ROOT)
        for message in template:
            if not message.id:
                continue
            entry = catalogue.get(message.id)
            if entry is None or not entry.string:
                where = message.locations[0][0] if message.locations else "?"
                yield f"{name}: no translation of {message.id!r} (dcctl/{where})"
            elif _placeholders(str(entry.string)) != _placeholders(str(message.id)):
                yield f"{name}: other placeholders in the translation of {message.id!r}"


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def unmarked() -> Iterator[str]:
    """String literals that a person would read and that no translator would see."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "_data" in path.parts or "probes" in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                for argument in _read_by_people(node, path):
                    if _is_words(argument):
                        where = f"{path.relative_to(ROOT)}:{argument.lineno}"
                        yield f"{where}: not marked for translation: {ast.unparse(argument)}"


def _read_by_people(call: ast.Call, path: Path) -> Iterator[ast.expr]:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    in_cli = path.is_relative_to(PACKAGE / "cli")
    if (in_cli and name in _SHOWN) or name in _ERRORS or name == "Text":
        yield from call.args[:1]
    for keyword in call.keywords:
        if in_cli and keyword.arg in _SHOWN_KEYWORDS:
            yield keyword.value
        if name in _ERRORS and keyword.arg == "hint":
            yield keyword.value
        if name == "Check" and keyword.arg in _CHECK_FIELDS:
            yield keyword.value


def _is_words(node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple | ast.List):
        return any(_is_words(item) for item in node.elts)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(_WORDS.search(_NAMES.sub("", node.value)))
    if isinstance(node, ast.JoinedStr):
        return any(_is_words(part) for part in node.values)
    return False


if __name__ == "__main__":
    sys.exit(main())
