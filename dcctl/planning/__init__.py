"""Pure functions from an estate and what was observed to a plan: steps, waves, peers, hashes."""

from dcctl.planning.plan import make_plan
from dcctl.planning.waves import make_waves

__all__ = ["make_plan", "make_waves"]
