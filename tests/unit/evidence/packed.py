"""A bundle, made by dcctl and judged by `verify_evidence.py` as a file by itself."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

from dcctl.workflows.evidence import pack

if TYPE_CHECKING:
    from tests.unit.evidence.conftest import Parties

SCRIPT = pack.verify_evidence.__file__


def loaded():
    """As a file by itself, not as a part of dcctl."""
    spec = importlib.util.spec_from_file_location("verify_evidence", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


VERIFIER = loaded()


class Packed:
    def __init__(self, parties: Parties) -> None:
        self.parties, self.path = parties, parties.media / "evidence.zip"
        self.policy = (parties.own / "policy").read_text()
        with parties.opened() as services:
            self.run = services.journal.runs()[0].id
            pack.pack(self.run, self.path, services)
        self.whole = self.path.read_bytes()

    def verdict(self, content=None, seen=None, policy=None):
        path = self.path
        if content is not None:
            path = self.path.with_name("bad.zip")
            path.write_bytes(content)
        return VERIFIER.verdict(str(path), policy or self.policy, seen)

    def wrong(self, content, **more):
        wrong, proven = self.verdict(content, **more)
        assert not proven
        return "; ".join(wrong)

    def files(self):
        with zipfile.ZipFile(io.BytesIO(self.whole)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def changed(self, name, change, *, sums=True):
        """The bundle with one file changed (None: left out), its sums and its end made to fit."""
        files = self.files()
        content = change(files[name])
        del files[name]
        if content is not None:
            files[name] = content
        return packed(files, sums=sums)


def packed(files, *, sums=True, extra=()):
    if sums:
        del files["SHA256SUMS"]
        lines = (f"{hashlib.sha256(c).hexdigest()}  {n}\n" for n, c in sorted(files.items()))
        files["SHA256SUMS"] = "".join(lines).encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (*files.items(), *extra):
            archive.writestr(name, content)
        archive.comment = b"0" * 64
    return ended(stream.getvalue())


def ended(content):
    return content[:-64] + hashlib.sha256(content[:-64]).hexdigest().encode()


def ran(*words, expected):
    done = subprocess.run(
        [sys.executable, "-I", "-S", SCRIPT, *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "", "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == expected, done.stdout + done.stderr
    assert not done.stderr
    return done.stdout
