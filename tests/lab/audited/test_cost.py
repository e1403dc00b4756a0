"""What an audit costs a server: one login, one command, the same few files whatever it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.lab.audited.servers import HARDENED, Pair

FOLDERS = ("/etc/planted", "/home/auditor/planted", "/srv/data/planted", "/var/log/planted")
FILES = 5000  # in each of them
TRACE = "/var/tmp/trace"
MOST_FOLDERS, MOST_FILES = 100, 1500  # that it opens at all: 70 and 884, seen

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.fixture
def planted(pair: Pair) -> Iterator[Pair]:
    """A server with many files, in places that probes look at."""
    for folder in FOLDERS:
        deep = f"{folder}/a/b/c"
        pair.inside(HARDENED, f"mkdir -p {deep} && cd {deep} && seq {FILES} | xargs touch")
    yield pair
    pair.inside(HARDENED, f"rm -rf {' '.join(FOLDERS)} {TRACE}")


def test_one_login_and_one_command(pair: Pair) -> None:
    said = _journal(pair)
    pair.audited(HARDENED)
    said = _journal(pair)[len(said) :]
    assert len(re.findall(r"Accepted keyboard-interactive", said)) == 1, said
    assert len(re.findall(r"Starting session: ", said)) == 1, said
    assert len(re.findall(r"COMMAND=", said)) <= 1, said


def _journal(pair: Pair) -> str:
    return pair.inside(HARDENED, "journalctl --no-pager -o cat -t sshd -t sudo")


def test_no_folder_is_walked(planted: Pair) -> None:
    listed, opened = _traced(planted)
    assert listed, "nothing was traced"
    assert {path for path in listed | opened if "/planted" in path} == set()
    assert len(listed) <= MOST_FOLDERS, sorted(listed)
    assert len(opened) <= MOST_FILES, sorted(opened)


def _traced(pair: Pair) -> tuple[set[str], set[str]]:
    """The folders and the files that a whole collection opens, by the kernel's own word."""
    calls = "strace -f -qq -e trace=open,openat,openat2 -e signal=none"
    listener = "$(systemctl show -P MainPID ssh)"
    unit = "systemd-run -q --unit=trace --service-type=exec"
    pair.inside(HARDENED, f"{unit} {calls} -o {TRACE} -p {listener} && sleep 1")
    try:
        findings = pair.audited(HARDENED)
    finally:
        pair.inside(HARDENED, "systemctl stop trace")
    assert {finding.target for finding in findings} == {HARDENED}
    assert not [one for one in findings if one.reason == "unreachable"]
    lines = pair.inside(HARDENED, f"cat {TRACE}").splitlines()
    folders, files = set[str](), set[str]()
    for line in lines:
        found = re.search(r'open(?:at2?)?\([^"]*"([^"]*)", ([A-Z_|{}= a-z]*).* = \d+', line)
        if found:
            (folders if "O_DIRECTORY" in found.group(2) else files).add(found.group(1))
    return folders, files
