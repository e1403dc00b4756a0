"""The SSH server's effective settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class SshServer:
    """What `sshd -T` says: keywords in lower case, repeated ones joined by blanks."""

    settings: Mapping[str, str] = field(default_factory=dict)

    def values(self, keyword: str) -> tuple[str, ...]:
        """A comma- or blank-separated setting in parts."""
        return tuple(self.settings.get(keyword, "").replace(",", " ").split())


FACT = SshServer
