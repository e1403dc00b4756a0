"""A management controller's certificate is the site's own, and in its dates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._controllers import check
from dcctl.checks._judging import cannot_tell, failed, passed
from dcctl.contracts import Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _issued(_target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["bmc_certificate"]
    judge = passed if fact.vouched and not fact.self_signed else failed
    return judge(
        N_("its certificate is issued by {issuer}"),
        issuer=fact.issuer or "-",
        observed=fact,
        expected="inventory/bmc_ca.pem",
    )


def _valid(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    fact, day = facts["bmc_certificate"], parameters["on"]
    if not day:
        return cannot_tell(N_("nobody said which day counts"))
    judge = passed if fact.first_day <= day <= fact.last_day else failed  # ISO dates: in order
    return judge(
        N_("its certificate is valid from {first} to {last}"),
        first=fact.first_day,
        last=fact.last_day,
        observed=[fact.first_day, fact.last_day],
        expected=day,
    )


CHECKS = (
    check(
        "bmc_certificate.issued",
        N_("One of the site's authorities issued the management controller's certificate"),
        _issued,
        N_("Nobody can tell the controller from an impostor by the certificate of the factory."),
        N_("Have its certificate signed by an authority in inventory/bmc_ca.pem."),
        Severity.MEDIUM,
    ),
    check(
        "bmc_certificate.valid",
        N_("The management controller's certificate is in its dates"),
        _valid,
        N_("An expired certificate trains people to click warnings away."),
        N_("Renew its certificate."),
        Severity.MEDIUM,
        on="",
    ),
)
