"""Running this machine's own programs for the lab.

A failure becomes one line that says which and why.
"""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from dcctl.errors import DcctlError, MissingDependency
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Which Debian package brings a program that the lab calls.
PACKAGES = {
    "debootstrap": "debootstrap",
    "dpkg-scanpackages": "dpkg-dev",
    "ip": "iproute2",
    "losetup": "mount",
    "nsenter": "util-linux",
    "ssh-keygen": "openssh-client",
    "apt-get": "apt",
    "chroot": "coreutils",
}


class LabFailure(DcctlError, RuntimeError):
    """Something that the lab needed of this machine did not work."""


def need(*programs: str) -> None:
    """Make sure that `programs` are installed.

    Raises:
        MissingDependency: names what to install.
    """
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        raise MissingDependency(
            N_("the lab needs {programs}, not installed on this machine"),
            hint=N_("apt-get install {packages}"),
            programs=", ".join(missing),
            packages=" ".join(sorted({PACKAGES[program] for program in missing})),
        )


def run(
    argv: Sequence[str],
    *,
    stdin: str | None = None,
    environment: Mapping[str, str] | None = None,
    timeout: float | None = 120,
    pass_fds: Sequence[int] = (),
) -> str:
    """The standard output of `argv`.

    Raises:
        LabFailure: it ended with another code than 0, or not in `timeout` seconds; holds its last
            words.
    """
    try:
        done = subprocess.run(
            list(argv),
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            errors="replace",
            env=None if environment is None else dict(environment),
            timeout=timeout,
            pass_fds=tuple(pass_fds),
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LabFailure(
            N_("the lab could not run {program}: {error}"), program=argv[0], error=str(error)
        ) from error
    if done.returncode != 0:
        words = (done.stderr.strip() or done.stdout.strip()).splitlines()[-3:]
        raise LabFailure(
            N_("{program} failed with code {code}: {words}"),
            program=argv[0],
            code=done.returncode,
            words=" / ".join(words),
        )
    return done.stdout
