"""Images for the lab: small files that say what they are, with bytes that are always the same.

A header (one line of JSON behind a mark) tells platform, release and what is wrong with it; the
rest is a stream that follows from the header. So an image is told from a broken one by itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from dcctl.lab.elements.software import File, Label
from dcctl.model.upgrade import Image

_MARK = b"DCCTL-LAB-IMAGE 1\n"
_LEAST = 1024  # bytes; the header has room
MIB = 1 << 20
_kept: dict[bytes, bytes] = {}  # by digest, whole ones: thousands of elements hold one copy


def made(label: Label, size: int = MIB) -> bytes:
    """The bytes of an image; the same for the same label and size.

    Raises:
        ValueError: less than 1024 bytes, or a header that does not fit.
    """
    said = {
        "platform": label.platform,
        "release": label.release,
        "role": label.role,
        "flags": dict(sorted(label.flags.items())),
        "size": size,
    }
    head = _MARK + json.dumps(said, sort_keys=True).encode() + b"\n"
    if size < max(_LEAST, len(head)):
        message = f"an image has at least {_LEAST} bytes"
        raise ValueError(message)
    return head + hashlib.shake_256(head).digest(size - len(head))


def read(content: bytes) -> tuple[Label | None, bool]:
    """What a file is: its label, and whether it is whole."""
    if not content.startswith(_MARK):
        return None, True
    line = content[len(_MARK) :].partition(b"\n")[0]
    try:
        said = json.loads(line)
        label = Label(
            platform=said["platform"],
            release=said["release"],
            role=said["role"],
            flags=MappingProxyType(dict(said["flags"])),
        )
        return label, len(content) == said["size"] and content == made(label, said["size"])
    except (ValueError, KeyError, TypeError):
        return None, False


def file(name: str, content: bytes, time: float = 0.0) -> File:
    """A file as it lies on an element."""
    label, whole = read(content)
    if label and whole:
        content = _kept.setdefault(hashlib.sha256(content).digest(), content)
    return File(name=name, content=content, time=time, label=label, whole=whole)


def image(
    platform: str,
    release: str,
    *,
    size: int = MIB,
    role: str = "system",
    flags: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """The bytes of an image, from plain values."""
    label = Label(platform=platform, release=release, role=role, flags=MappingProxyType(flags))
    return made(label, size)


def written(catalogue: Iterable[Image]) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of every file of a catalogue whose digest is that of the lab's own file."""
    for one in catalogue:
        for wanted in one.files:
            if wanted.size < _LEAST:
                continue
            content = image(one.platform, one.version, size=wanted.size, role=wanted.role)
            if hashlib.sha512(content).hexdigest() == wanted.sha512:
                yield wanted.name, content
