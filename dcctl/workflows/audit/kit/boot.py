"""Starts a kit: `python3 kit.zip`. Unpacks its library beside it and hands over to dcctl.

Runs with the standard library alone; it is `__main__.py` of the kit.
"""

from __future__ import annotations

import hashlib
import json
import os
import runpy
import shutil
import sys
import sysconfig
import zipfile
from pathlib import Path

LIB, SUMS, DONE = "lib/", "SHA256SUMS", ".whole"


def main() -> None:
    """Look at the kit, unpack it once, and read what it asks for."""
    kit = Path(sys.argv[0]).resolve()
    with zipfile.ZipFile(kit) as archive:
        told = json.loads(archive.read("kit.json"))
        here = f"{sys.implementation.cache_tag} {sysconfig.get_platform()}"
        if told["python"] != here:
            sys.exit(f"This kit needs {told['python']}; this is {here} / Bộ này cần đúng bản trên.")
        content = kit.read_bytes()
        comment = archive.comment
        if hashlib.sha256(content[: len(content) - len(comment)]).hexdigest().encode() != comment:
            sys.exit("The kit was altered or cut short / Bộ này đã bị sửa hoặc bị cắt.")
        seal = hashlib.sha256(archive.read(SUMS)).hexdigest()
        folder = Path.cwd() / f"dcctl-kit-{told['run']}"
        library = unpacked(archive, folder, seal)
    sys.path.insert(0, str(library))
    sys.argv = ["dcctl", "audit", "collect", "--kit", str(kit), *sys.argv[1:]]
    runpy.run_module("dcctl", run_name="__main__")


def unpacked(archive: zipfile.ZipFile, folder: Path, seal: str) -> Path:
    """The library of the kit, unpacked and compared with its sums."""
    library = folder / "lib"
    done = folder / DONE
    if done.is_file() and done.read_text(encoding="ascii") == seal:
        return library
    shutil.rmtree(library, ignore_errors=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    for line in archive.read(SUMS).decode().splitlines():
        digest, _, name = line.partition("  ")
        parts = name.split("/")
        if not name.startswith(LIB):
            continue
        data = archive.read(name)
        if hashlib.sha256(data).hexdigest() != digest or ".." in parts:
            sys.exit(f"{name}: altered / đã bị sửa")
        path = folder.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    done.write_text(seal, encoding="ascii")
    return library


if __name__ == "__main__":
    os.umask(0o077)
    main()
