"""The shape of an estate drawn from a seed: pairs and single routers on their ways to a centre."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from dcctl.workflows.rehearsal.makes import Make

CENTRE = "C"


class Drawing:
    """An estate while it is drawn."""

    def __init__(self, random: Random, size: int, makes: Sequence[Make]) -> None:
        self._random, self._size, self._makes = random, size, makes
        self.sites: dict[str, list[str]] = {CENTRE: []}
        self.makes: dict[str, Make] = {}
        self.links: list[tuple[str, str, str, int]] = []  # a, b, medium, metric
        self.pairs: list[tuple[str, ...]] = []

    def draw(self) -> None:
        """All of it."""
        cores = [self._router(CENTRE) for _ in range(2)]
        self._link(*cores)
        self.pairs.append(tuple(cores))
        while len(self.makes) < self._size:
            left = self._size - len(self.makes)
            shapes: list[Callable[[list[str], int], None]]
            shapes = [self._single] if left == 1 else [self._square, self._square, self._crossed]
            if left >= 4:  # noqa: PLR2004 - two sites
                shapes += [self._chain, self._chain]
            if self._random.random() < 0.08:  # noqa: PLR2004
                shapes = [self._single]
            self._random.choice(shapes)(cores, left)

    def _site(self) -> str:
        name = f"S{len(self.sites):02d}"
        self.sites[name] = []
        return name

    def _router(self, site: str) -> str:
        name = f"{site.lower()}-r{len(self.sites[site]) + 1}"
        self.sites[site].append(name)
        self.makes[name] = self._random.choice(self._makes)
        return name

    def _link(self, a: str, b: str) -> None:
        medium = self._random.choice(("fibre", "fibre", "dwdm"))
        self.links.append((a, b, medium, self._random.choice((10, 100, 200))))

    def _pair(self) -> tuple[str, str]:
        site = self._site()
        pair = (self._router(site), self._router(site))
        self.pairs.append(pair)
        return pair

    def _square(self, cores: list[str], _left: int) -> None:
        """A router to each core, and a link between the two."""
        pair = self._pair()
        self._link(pair[0], cores[0])
        self._link(pair[1], cores[1])
        self._link(*pair)

    def _crossed(self, cores: list[str], _left: int) -> None:
        """Both routers to both cores."""
        pair = self._pair()
        for router in pair:
            for core in cores:
                self._link(router, core)

    def _chain(self, cores: list[str], left: int) -> None:
        """Sites one behind the other, from one core to the other: a ring with the centre."""
        before = cores[0]
        for _ in range(min(left // 2, self._random.choice((2, 2, 3)))):
            pair = self._pair()
            self._link(before, pair[0])
            self._link(*pair)
            before = pair[1]
        self._link(before, cores[1])

    def _single(self, cores: list[str], _left: int) -> None:
        """One router, so that its upgrade cuts its site off."""
        router = self._router(self._site())
        for core in cores:
            self._link(router, core)
