"""The certificate that a management controller shows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BmcCertificate:
    """Names as in RFC 4514; days in ISO form, UTC."""

    subject: str
    issuer: str
    self_signed: bool
    vouched: bool  # by one of the site's authorities, for its name; dates apart
    first_day: str
    last_day: str
    sha256: str = ""


FACT = BmcCertificate
