"""The power supplies of a server, as its management controller has them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """One that is in its bay; `fed` None: it does not say whether its input has power."""

    name: str
    state: str = ""
    health: str = ""
    fed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BmcPower:
    """`redundancy`: the health of each group of supplies that are redundant to each other."""

    supplies: tuple[Supply, ...] = ()
    redundancy: tuple[str, ...] = ()


FACT = BmcPower
