"""What was agreed on is told as it was: by a real sshd, and by elements with old algorithms."""

from __future__ import annotations

import signal
from dataclasses import replace

import pytest

from dcctl import checks, executors
from dcctl.executors import _bastions
from dcctl.model.event import EventKind
from dcctl.model.status import FindingStatus, ReadingStatus
from tests.unit.executors.conftest import start_sshd

OLD = """
KexAlgorithms {kex}
Ciphers {cipher}
MACs {mac}
"""


def judged(target, readings):
    asked = checks.tailor(["transport.crypto"])
    (finding,) = checks.evaluate(target, readings, asked)
    return finding


@pytest.fixture
def restricted(tmp_path):
    """An sshd that offers these algorithms only."""
    started = []

    def start(kex, cipher, mac):
        folder = tmp_path / str(len(started))
        folder.mkdir()
        more = OLD.format(kex=kex, cipher=cipher, mac=mac)
        started.append(start_sshd(folder, more=more))
        return started[-1]

    yield start
    for sshd in started:
        sshd.process.send_signal(signal.SIGTERM)
        sshd.process.wait(10)


def read(sshd, contexts, crypto):
    executor = executors.build(
        "server_shell", contexts(credentials=sshd.credentials, timeouts={"connect": 5})
    )
    try:
        return executor.read(sshd.target(crypto=crypto), ("transport",))["transport"]
    finally:
        executor.close()
        _bastions.rest()


def test_a_server_tells_every_algorithm_both_ways(restricted, contexts):
    sshd = restricted("ecdh-sha2-nistp384", "aes256-ctr", "hmac-sha2-512")
    fact = read(sshd, contexts, "modern").value
    assert (fact.kex, fact.host_key, fact.host_key_bits) == (
        "ecdh-sha2-nistp384",
        "ssh-ed25519",
        256,
    )
    assert (fact.cipher_in, fact.cipher_out) == ("aes256-ctr", "aes256-ctr")
    assert (fact.mac_in, fact.mac_out) == ("hmac-sha2-512", "hmac-sha2-512")
    assert fact.banner.startswith("SSH-2.0-OpenSSH_")
    (event,) = [row for row in contexts.kept.events if row[0] is EventKind.SESSION]
    assert event[1] == "server"
    assert event[4]["transport"] == fact


def test_a_cipher_that_authenticates_has_no_mac(restricted, contexts):
    fact = read(
        restricted("curve25519-sha256", "aes256-gcm@openssh.com", "hmac-sha2-512"),
        contexts,
        "modern",
    ).value
    assert (fact.kex, fact.mac_in, fact.mac_out) == ("curve25519-sha256", "", "")


@pytest.mark.parametrize(
    ("kex", "least", "status"),
    [
        ("diffie-hellman-group14-sha1", "compatible", FindingStatus.PARTIAL),
        ("diffie-hellman-group1-sha1", "legacy", FindingStatus.FAIL),
    ],
)
def test_an_old_server_needs_its_profile_and_is_a_finding(restricted, contexts, kex, least, status):
    sshd = restricted(kex, "aes128-cbc", "hmac-sha1")
    profiles = ("modern", "compatible", "legacy")
    for profile in profiles:
        reading = read(sshd, contexts, profile)
        if profiles.index(profile) < profiles.index(least):
            assert reading.status is ReadingStatus.UNREACHABLE
            assert "no SSH session" in reading.message
            continue
        finding = judged(sshd.target(), {"transport": reading})
        assert finding.status is status
        assert kex in str(finding.message)
        assert "aes128-cbc" in str(finding.message)


def test_an_element_with_old_algorithms_flips_the_check(contexts, raise_elements):
    elements = raise_elements("p01-pe1")
    target = elements.targets["p01-pe1"]

    def found(profile):
        executor = executors.build("device_session", elements.context(contexts))
        one = replace(target, connection=replace(target.connection, crypto=profile))
        try:
            readings = executor.read(one, ("transport",))
        finally:
            executor.close()
        return judged(one, readings)

    assert found("modern").status is FindingStatus.PASS
    assert found("legacy").status is FindingStatus.PARTIAL
    elements.fault("p01-pe1", "old_crypto")
    assert found("modern").status is FindingStatus.NOT_EVALUATED
    assert found("compatible").status is FindingStatus.PARTIAL
    elements.fault("p01-pe1", "old_crypto", kex="diffie-hellman-group1-sha1")
    assert found("compatible").status is FindingStatus.NOT_EVALUATED
    broken = found("legacy")
    assert broken.status is FindingStatus.FAIL
    assert "diffie-hellman-group1-sha1" in str(broken.message)
    assert "hmac-sha1" in str(broken.message)
