"""The certificate of the controller's web server, from the handshake."""

from __future__ import annotations

from collections.abc import Sequence

from dcctl.facts.bmc_certificate import BmcCertificate
from dcctl.platforms.redfish._resources import Resources, collector, text


def _parse(found: Sequence[Resources]) -> BmcCertificate:
    from cryptography import x509  # not at start-up
    from cryptography.hazmat.primitives import hashes

    said = found[0]
    shown = x509.load_pem_x509_certificate(text(said, "certificate").encode())
    vouched = said["vouched"]
    if not isinstance(vouched, bool):
        raise TypeError(vouched)
    return BmcCertificate(
        subject=shown.subject.rfc4514_string(),
        issuer=shown.issuer.rfc4514_string(),
        self_signed=shown.issuer == shown.subject,
        vouched=vouched,
        first_day=shown.not_valid_before_utc.date().isoformat(),
        last_day=shown.not_valid_after_utc.date().isoformat(),
        sha256=shown.fingerprint(hashes.SHA256()).hex(),
    )


COLLECTOR = collector("bmc_certificate", ("TLS",), _parse)
