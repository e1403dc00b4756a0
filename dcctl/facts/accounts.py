"""Local accounts; hashes and keys never leave the host."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account. `entry` of its password is set, locked, empty or none; only that is read.

    It is not named a password: what is named so is blanked out in all that is kept.
    """

    name: str
    uid: int
    shell: str = ""
    entry: str = ""
    groups: tuple[str, ...] = ()
    authorized_keys: int = 0
    key_fingerprints: tuple[str, ...] = ()  # SHA256:...

    @property
    def may_log_in(self) -> bool:
        """Whether the shell lets one in."""
        return not self.shell.endswith(("/nologin", "/false", "/sync", "/halt", "/shutdown"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SudoRule:
    """One rule of sudoers, as written."""

    who: str
    rule: str
    passwordless: bool = False
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """All local accounts and who may become root."""

    users: tuple[Account, ...]
    sudo: tuple[SudoRule, ...] = ()

    def user(self, name: str) -> Account | None:
        """The account of that name."""
        return next((user for user in self.users if user.name == name), None)


FACT = Accounts
