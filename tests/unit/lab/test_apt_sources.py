"""The machine's own apt configuration, in both of its formats, tells where Debian comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from dcctl.errors import MissingDependency
from dcctl.lab import apt_sources
from dcctl.lab.apt_sources import Source

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
DEB822 = f"""\
# a comment
Types: deb deb-src
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: {KEYRING}

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBF

Types: deb-src
URIs: http://sources.example/debian
Suites: bookworm
Components: main

Enabled: no
Types: deb
URIs: http://disabled.example/debian
Suites: bookworm
Components: main
"""
ONE_LINE = f"""\
deb cdrom:[Debian 12]/ bookworm main
# deb http://commented.example/debian bookworm main
deb-src http://mirror.example/debian bookworm main
deb [arch=amd64 signed-by={KEYRING}] http://mirror.example/debian bookworm main  # why
deb [trusted=yes] https://apt.vendor.example bookworm main
"""


def test_deb822_stanzas() -> None:
    found = tuple(apt_sources.parse_deb822(DEB822))
    assert found == (
        Source("http://mirror.example/debian", "bookworm", ("main", "contrib"), KEYRING),
        Source("http://mirror.example/debian", "bookworm-updates", ("main", "contrib"), KEYRING),
        Source("http://mirror.example/debian-security", "bookworm-security", ("main",)),
    )


def test_one_line_entries() -> None:
    found = tuple(apt_sources.parse_list(ONE_LINE))
    assert found[1:] == (
        Source("http://mirror.example/debian", "bookworm", ("main",), KEYRING),
        Source("https://apt.vendor.example", "bookworm", ("main",), trusted=True),
    )


@pytest.mark.parametrize("text", [DEB822, ONE_LINE])
def test_debian_is_told_from_vendors_that_use_its_suite_names(text: str) -> None:
    parse = apt_sources.parse_deb822 if text is DEB822 else apt_sources.parse_list
    found = apt_sources.debian(parse(text), "bookworm")
    assert found[0].uri == "http://mirror.example/debian"
    assert not any("vendor" in source.uri or source.uri.startswith("cdrom") for source in found)


def test_updates_and_security_follow_the_release() -> None:
    reversed_order = reversed(tuple(apt_sources.parse_deb822(DEB822)))
    found = apt_sources.debian(reversed_order, "bookworm")
    assert [source.suite for source in found] == [
        "bookworm",
        "bookworm-updates",
        "bookworm-security",
    ]


def test_a_file_of_mirrors_gives_its_first(tmp_path: Path) -> None:
    mirrors = tmp_path / "debian.list"
    mirrors.write_text("https://one.example/debian\nhttps://two.example/debian\n")
    source = Source(f"mirror+file:{mirrors}", "bookworm", ("main",))
    assert apt_sources.debian([source], "bookworm")[0].uri == "https://one.example/debian"


def test_a_machine_without_debian_is_told_what_to_do() -> None:
    with pytest.raises(MissingDependency, match="names no Debian archive for noble") as caught:
        apt_sources.debian(apt_sources.parse_list(ONE_LINE), "noble")
    assert "/etc/apt/sources.list" in str(caught.value.hint)


def test_a_source_is_written_as_apt_reads_it() -> None:
    source = Source("http://mirror.example/debian", "bookworm", ("main", "contrib"), KEYRING)
    assert tuple(apt_sources.parse_list(source.line())) == (source,)


def test_both_kinds_of_files_are_found(tmp_path: Path) -> None:
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list").write_text("deb http://a.example/debian bookworm main\n")
    (tmp_path / "sources.list.d/b.list").write_text("deb http://b.example/debian bookworm main\n")
    (tmp_path / "sources.list.d/c.sources").write_text(DEB822)
    (tmp_path / "sources.list.d/d.save").write_text("deb http://d.example/debian bookworm main\n")
    uris = [source.uri for source in apt_sources.configured(tmp_path)]
    assert uris[:2] == ["http://a.example/debian", "http://b.example/debian"]
    assert len(uris) == 5
