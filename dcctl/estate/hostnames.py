"""Host names as Ansible reads them: ranges such as `web[01:10:2]`, ports such as `web1:2222`."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address
from itertools import product
from string import ascii_letters

MOST_HOSTS = 100_000  # one range may not fill the memory
_RANGE = re.compile(r"\[([^\[\]]*)\]")
_LABEL_RANGE = r"\[(?:[a-z]:[a-z]|[0-9]+:[0-9]+)(?::[0-9]+)?\]"
_LABEL = rf"(?:\w|{_LABEL_RANGE})(?:[\w-]|{_LABEL_RANGE})*(?<![_-])"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\Z", re.IGNORECASE)
_HEX_RANGE = re.compile(r"\[[0-9a-f]+:[0-9a-f]+(?::[0-9]+)?\]", re.IGNORECASE)
_BRACKETED_PORT = re.compile(r"\[(.+)\]:([0-9]+)\Z")
_PORT = re.compile(r"((?:[^:\[\]]|\[[^\]]*\])*):([0-9]+)\Z")


def split_port(text: str) -> tuple[str, int | None] | None:
    """The address (ranges and all) and the port, if any; None when `text` is no address."""
    port = None
    for pattern in (_BRACKETED_PORT, _PORT):
        if match := pattern.match(text):
            text, port = match[1], int(match[2])
    return (text, port) if _NAME.match(text) or _is_ipv6(text) else None


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(_HEX_RANGE.sub("0", text))
    except AddressValueError:
        return False
    return True


def expand(pattern: str) -> tuple[list[str], int | None]:
    """The names that a host key of an inventory stands for, and their port.

    Raises:
        ValueError: it is no name, or its range is wrong.
    """
    parts = split_port(pattern)
    if parts is None:
        raise ValueError(pattern)
    name, port = parts
    if "[" not in name:
        return [name], port
    pieces = _RANGE.split(name)  # text, range, text, range, ..., text
    choices = [_sequence(piece) if index % 2 else [piece] for index, piece in enumerate(pieces)]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > MOST_HOSTS:
        raise ValueError(pattern)
    return ["".join(chosen) for chosen in product(*choices)], port


def _sequence(bounds: str) -> list[str]:
    first, last, *step = bounds.split(":")
    stride = int(step[0]) if step else 1
    if not last or stride < 1:
        raise ValueError(bounds)
    if first.isalpha() and last.isalpha():
        low, high = ascii_letters.index(first), ascii_letters.index(last)
        if low > high:
            raise ValueError(bounds)
        return list(ascii_letters[low : high + 1 : stride])
    width = len(first) if first.startswith("0") and len(first) > 1 else 0
    if width and width != len(last):
        raise ValueError(bounds)
    numbers = range(int(first or "0"), int(last) + 1, stride)
    if not numbers or len(numbers) > MOST_HOSTS:
        raise ValueError(bounds)
    return [str(number).zfill(width) for number in numbers]
