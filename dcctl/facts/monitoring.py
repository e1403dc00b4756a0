"""The monitoring agent."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitoring:
    """Whether metrics can be had. `metrics_age_s` is None when none came."""

    agent: str  # the unit, e.g. prometheus-node-exporter.service
    active: bool
    enabled: bool | None = None
    address: str = ""
    port: int | None = None
    metrics: int | None = None  # how many samples it offers
    metrics_age_s: float | None = None


FACT = Monitoring
