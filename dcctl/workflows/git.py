"""A folder of configurations as a git repository, by the git program."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from dcctl.errors import InvalidInput, MissingDependency
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SECONDS = 120.0


def open_repository(folder: Path) -> None:
    """Make `folder` a repository of its own unless it is one.

    Raises:
        MissingDependency: no git. InvalidInput: it can't be made.
    """
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(
            N_("{path}: {error}"), path=str(folder), error=error.strerror or ""
        ) from error
    if not (folder / ".git").exists():
        _git(folder, "init", "--quiet", "--initial-branch=main")


def commit(folder: Path, files: Sequence[Path], *, author: str) -> bool:
    """Commit `files` where they differ; whether there was anything to commit."""
    if not files:
        return False
    _git(folder, "add", "--", *(str(file.relative_to(folder)) for file in files))
    if _git(folder, "diff", "--cached", "--quiet", allow=(0, 1)) == 0:
        return False
    name = " ".join(author.split()).replace("<", "").replace(">", "") or "dcctl"
    _git(
        folder,
        *("-c", f"user.name={name}", "-c", "user.email=dcctl@localhost"),
        *("commit", "--quiet", "--no-gpg-sign", "--no-verify"),
        *("-m", f"Configurations of {len(files)} devices"),
    )
    return True


def _git(folder: Path, *arguments: str, allow: Sequence[int] = (0,)) -> int:
    program = shutil.which("git")
    if program is None:
        raise MissingDependency(N_("there is no git program"), hint=N_("install git"))
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")}
    done = subprocess.run(
        [program, "-C", str(folder), *arguments],
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=_SECONDS,
        env=kept | {"GIT_TERMINAL_PROMPT": "0"},
        text=True,
    )
    if done.returncode not in allow:
        raise InvalidInput(
            N_("{path}: git: {error}"),
            path=str(folder),
            error=" ".join(done.stderr.split())[:200],
        )
    return done.returncode
