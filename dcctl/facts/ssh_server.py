"""The SSH server's effective settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class SshMatch:
    """What a Match block of sshd_config sets for those who fit its criteria."""

    criteria: str
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SshServer:
    """What `sshd -T` says: keywords in lower case, repeated ones joined by blanks.

    `matches` are what it leaves out: other values for some who log in.
    """

    settings: Mapping[str, str] = field(default_factory=dict)
    matches: tuple[SshMatch, ...] = ()

    def values(self, keyword: str) -> tuple[str, ...]:
        """A comma- or blank-separated setting in parts."""
        return tuple(self.settings.get(keyword, "").replace(",", " ").split())

    def each(self, *keywords: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """(criteria, values of `keywords`): of all (no criteria), and where a Match sets one."""
        told = tuple(self.settings.get(keyword, "") for keyword in keywords)
        found = [("", told)]
        for match in self.matches:
            if any(keyword in match.settings for keyword in keywords):
                values = zip(keywords, told, strict=True)
                own = tuple(match.settings.get(keyword, value) for keyword, value in values)
                found.append((match.criteria, own))
        return tuple(found)


FACT = SshServer
