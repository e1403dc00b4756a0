"""What a rehearsal found out: how a campaign goes, how long it takes, and what it survives."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from dcctl.text import Text


class Ending(StrEnum):
    """How a trial ended. Stored nowhere; shown."""

    UPGRADED = "upgraded"
    TAKEN_BACK = "taken_back"  # the old release, with its traffic on it
    NOT_BEGUN = "not_begun"
    HUMAN = "human"  # a person has to decide or to go there
    BROKEN = "broken"  # a promise of dcctl was broken: never to be run


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """How long one element is expected to take."""

    name: str
    seconds: float
    measured: float = 0.0  # seconds of it that earlier runs are known to have taken
    configuration: str = ""  # ISO 8601 of the backup its twin was made from; empty: the estate's
    ending: Ending = Ending.UPGRADED
    message: Text = field(default_factory=lambda: Text(""))


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveForecast:
    """How long one wave is expected to take."""

    index: int
    title: str
    elements: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One fault at one moment of one element's upgrade."""

    element: str
    stands_for: int  # elements of this platform, model and release
    platform: str
    phase: str  # model.upgrade.Phase, when it had just begun
    fault: str
    title: Text
    ending: Ending
    message: Text
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """All of it."""

    plan: str
    estate: str
    lab: bool
    made_at: str  # ISO 8601
    command_s: float  # that one command takes, as it was measured or assumed
    measured: bool
    elements: tuple[Forecast, ...]
    waves: tuple[WaveForecast, ...]
    trials: tuple[Trial, ...]
    unplayed: tuple[tuple[str, str], ...] = ()  # element, phase: a fault's moment never came
    without_twin: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()  # promises that were broken in the run without faults

    @property
    def seconds(self) -> float:
        """The whole campaign."""
        return sum(wave.seconds for wave in self.waves)

    @property
    def needing(self) -> tuple[Trial, ...]:
        """The trials that a person has to see to."""
        return tuple(t for t in self.trials if t.ending in {Ending.HUMAN, Ending.BROKEN})

    @property
    def bad(self) -> bool:
        """Whether a promise was broken, or the night fails even when nothing goes wrong."""
        well = all(one.ending is Ending.UPGRADED for one in self.elements)
        broken = any(trial.ending is Ending.BROKEN for trial in self.trials)
        return bool(self.wrong) or broken or not well

    def counts(self) -> dict[str, int]:
        """How many trials ended each way."""
        ends = [trial.ending for trial in self.trials]
        return {end.value: ends.count(end) for end in Ending if end in ends}
