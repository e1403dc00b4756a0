"""An audit over SSH tells a weak server from a hardened one, and each thing that is taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from dcctl import clock, lab
from tests.lab.audited.servers import BUILT, HARDENED, TIME_SERVER, WEAK, Pair
from tests.lab.audited.table import Expected, expectations

SETTLE_S = 90.0
TABLE = expectations()
WAYS = [way for row in TABLE if row.toggled for way in row.ways]
EXPECTED = {
    WEAK: {row.check: row.weak for row in TABLE},
    HARDENED: {row.check: row.hardened for row in TABLE},
}

pytestmark = [pytest.mark.lab, pytest.mark.slow]


def differing(pair: Pair, name: str, wanted: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Checks that say something else than wanted: found, wanted. Clocks need a moment to settle."""
    end = clock.monotonic() + SETTLE_S
    while True:
        found = pair.statuses(name)[name]
        wrong = {
            check: (found.get(check, "-"), wanted.get(check, "-"))
            for check in found.keys() | wanted.keys()
            if found.get(check) != wanted.get(check)
        }
        if not wrong or clock.monotonic() > end:
            return wrong


@pytest.mark.parametrize("name", [WEAK, HARDENED])
def test_the_audit_is_right_about_every_check(pair: Pair, name: str) -> None:
    assert differing(pair, name, EXPECTED[name]) == {}


@pytest.fixture
def weakened(request: pytest.FixtureRequest, pair: Pair) -> Iterator[Expected]:
    """The hardened server without one thing, for as long as a test takes."""
    row: Expected = request.param
    try:
        if row.fault:
            lab.fault(pair.folder, HARDENED, row.fault)
        else:
            pair.inside(HARDENED, row.weaken)
        yield row
    finally:
        if row.fault:
            lab.fault(pair.folder, HARDENED, row.fault, heal=True)
        else:
            pair.inside(HARDENED, row.restore)


@pytest.mark.parametrize("weakened", WAYS, ids=str, indirect=True)
def test_what_is_taken_away_flips_its_own_check_alone(weakened: Expected, pair: Pair) -> None:
    flipped = {weakened.check: "fail", **weakened.flips}
    assert differing(pair, HARDENED, EXPECTED[HARDENED] | flipped) == {}


def test_a_collector_names_whom_it_does_not_hear(pair: Pair) -> None:
    """The weak one forwards nothing, all others of the lab do; the collectors speak TLS well."""
    findings = pair.audited(BUILT)
    found = {one.target: one for one in findings if one.check == "log_sources.complete"}
    strict = {one.target: one.status for one in findings if one.check == "tls_services.strict"}
    assert (strict[TIME_SERVER], strict["hl-bak-a01"]) == ("pass", "pass")
    assert found[HARDENED].status == "not_applicable"
    for collector in (TIME_SERVER, "hl-bak-a01"):
        assert (found[collector].status, found[collector].observed) == ("fail", [WEAK])


def test_what_the_keeper_of_backups_keeps_is_encrypted(pair: Pair) -> None:
    (found,) = (one for one in pair.audited("hl-bak-a01") if one.check == "backup.encrypted")
    assert found.status == "pass"
    kept = [name for name in found.observed if name.startswith("/srv/backup/repositories/")]
    assert len(kept) == len(BUILT.split(","))


def test_all_that_was_taken_away_was_put_back(pair: Pair) -> None:
    assert differing(pair, HARDENED, EXPECTED[HARDENED]) == {}
