"""What upgrades of several operating systems do alike: files, digests, answers, waiting."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dcctl import clock
from dcctl.contracts import Output
from dcctl.errors import CommandFailed, InvalidInput, TargetTimeout, Unparsed, Unreachable
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dcctl.contracts import Session
    from dcctl.model.upgrade import Image

SHORT, LONG, TRANSFER = 120.0, 3600.0, 4 * 3600.0  # seconds a command may take
_NAME = re.compile(r"[A-Za-z0-9][\w.+-]{0,200}", re.ASCII)
_URL = re.compile(r"(?P<scheme>[a-z]+)://[\w.:\[\]-]+/[\w./+~-]*[\w.+-]", re.ASCII)


def plain(name: str) -> str:
    """`name`, a file's own name that no command line gives another meaning to.

    Raises:
        InvalidInput: it holds a blank, a slash or a character that command lines act upon.
    """
    if not _NAME.fullmatch(name):
        raise InvalidInput(N_("{name}: not a plain file name"), name=name[:80])
    return name


def source(url: str, schemes: Sequence[str]) -> str:
    """`url`, which a device can be told: of its schemes, and without a user or a password.

    Raises:
        InvalidInput.
    """
    match = _URL.fullmatch(url)
    if match is None or match["scheme"] not in schemes:
        raise InvalidInput(
            N_("{url}: not a URL that the device is told to fetch from"),
            hint=N_("one of {schemes}, without user, password or query"),
            url=re.sub(r"//[^/@]*@", "//", url)[:120],
            schemes=", ".join(schemes),
        )
    return url


def system_file(image: Image) -> str:
    """The name of the file that is booted.

    Raises:
        InvalidInput: the image has none.
    """
    if image.system is None:
        raise InvalidInput(N_("image {name} has no file of role system"), name=image.name)
    return plain(image.system.name)


def previous_file(image: Image, previous: Image | None) -> str:
    """The file to go back to.

    Raises:
        InvalidInput: images.yml has no image of the release that ran before.
    """
    if previous is None:
        raise InvalidInput(
            N_("there is no image to go back to from {version}"),
            hint=N_("add the image of the release that ran before to images.yml"),
            version=image.version,
        )
    return system_file(previous)


def say(
    session: Session, command: str, *, timeout: float = SHORT, failed: str = "", want: str = ""
) -> str:
    """The answer to `command`, which says nothing of `failed` and does say `want`.

    Raises:
        CommandFailed: with what the device said.
    """
    answer = session.send(command, timeout=timeout)
    bad = re.search(failed, answer, re.MULTILINE) if failed else None
    if bad or (want and not re.search(want, answer, re.MULTILINE)):
        shown = answer[bad.start() :] if bad else answer[-200:]
        raise CommandFailed(
            N_("{command}: {answer}"), command=command[:120], answer=" ".join(shown.split())[:200]
        )
    return answer


@contextmanager
def going_down() -> Iterator[None]:
    """The device may reload inside the block: a session that is lost is no error."""
    try:
        yield
    except (Unreachable, TargetTimeout):
        return


def output(session: Session, command: str, *, timeout: float = SHORT) -> Output:
    """The answer as a collector takes it."""
    return Output(command=command, text=session.send(command, timeout=timeout))


def told(session: Session, command: str) -> str:
    """The answer, or nothing where the device knows no such command."""
    try:
        return session.send(command, timeout=SHORT)
    except CommandFailed:
        return ""


def listed(text: str, line: str) -> dict[str, int]:
    """File names and sizes of a listing; `line` has the groups `size` and `name`."""
    found = re.finditer(line, text.replace("\r", ""), re.MULTILINE)
    return {match["name"]: int(re.sub(r"\D", "", match["size"])) for match in found}


def free_of(command: str, text: str, pattern: str, unit: int = 1) -> int:
    """Free bytes, told by `pattern`'s one group in units of `unit` bytes.

    Raises:
        Unparsed: the listing has no end.
    """
    match = re.search(pattern, text, re.MULTILINE)
    if match is None:
        raise Unparsed(
            N_("{command}: not understood: {error}"), command=command, error="no free space"
        )
    return int(re.sub(r"\D", "", match[1])) * unit


def digest_in(command: str, text: str, digits: int) -> str:
    """The one hexadecimal number of so many digits in an answer, in lower case.

    Raises:
        Unparsed: there is none, or several that differ.
    """
    numbers = re.finditer(rf"(?<![0-9a-fA-F])[0-9a-fA-F]{{{digits}}}(?![0-9a-fA-F])", text)
    found = {match[0].lower() for match in numbers}
    if len(found) != 1:
        raise Unparsed(N_("{command}: not understood: {error}"), command=command, error="no digest")
    return next(iter(found))


def until(done: Callable[[], bool], *, seconds: float, every: float = 10.0, what: str) -> None:
    """Ask until `done`.

    Raises:
        TargetTimeout: `seconds` have gone by; names `what` was waited for.
    """
    end = clock.monotonic() + seconds
    while not done():
        if clock.monotonic() >= end:
            raise TargetTimeout(
                N_("{what}: not done within {seconds} s"), what=what, seconds=round(seconds)
            )
        clock.sleep(every)
