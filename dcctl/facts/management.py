"""How a network element is managed: protocols, access, passwords."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Management:
    """Management-plane settings as the running configuration has them.

    None = the platform can't say.
    """

    hostname: str = ""
    ssh_version: int | None = None
    telnet: bool | None = None
    http: bool | None = None
    password_encryption: bool | None = None
    idle_timeout_s: int | None = None  # 0 = never
    login_banner: bool | None = None
    access_list: str | None = ""  # what limits management sessions; empty: nothing
    snmp_communities: tuple[str, ...] = ()  # redacted: only names' digests
    root_login: bool | None = None
    users: tuple[str, ...] = ()
    plain_passwords: tuple[str, ...] = ()  # users whose password is stored in clear or reversibly


FACT = Management
