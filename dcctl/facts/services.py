"""Units of the service manager."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One unit with its suffix (`ssh.service`); states as systemd names them."""

    name: str
    active: str  # active | inactive | failed | activating ...
    sub: str = ""
    enabled: str = ""  # enabled | disabled | static | masked ...; empty: no unit file


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """All services, timers and sockets; `state` is the manager's own (running, degraded ...)."""

    units: tuple[Unit, ...]
    state: str = ""

    def unit(self, name: str) -> Unit | None:
        """The unit of that name; a name without suffix is a service."""
        full = name if "." in name else f"{name}.service"
        return next((unit for unit in self.units if unit.name == full), None)


FACT = Services
