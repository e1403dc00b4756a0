"""Kernel parameters."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sysctl:
    """One parameter; `settable` is false where this system may not write it (as in a container)."""

    name: str  # net.ipv4.ip_forward
    value: str  # white space made single blanks
    settable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """Release and parameters."""

    release: str
    sysctls: tuple[Sysctl, ...] = ()

    def sysctl(self, name: str) -> Sysctl | None:
        """The parameter of that name."""
        return next((sysctl for sysctl in self.sysctls if sysctl.name == name), None)


FACT = Kernel
