"""A simulated network with a controller beside it that may die: what simulations have in common."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from dcctl.journal import Journal
from dcctl.lab.elements.network import Network
from dcctl.model.approval import APPROVED, Approval
from dcctl.model.event import EventKind
from dcctl.running import SerialRunner
from dcctl.workflows.execute import carry_on, execute
from dcctl.workflows.rehearsal.sessions import Wire, simulated
from dcctl.workflows.services import Services

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from dcctl.lab.elements.site import Plan as Site
    from dcctl.model.event import Emit
    from dcctl.model.plan import Plan
    from dcctl.model.record import Run, RunRecord
    from dcctl.workflows.rehearsal.tasks import Tasks
    from dcctl.workflows.rehearsal.truth import Truth

_WEIGHTY = frozenset({EventKind.STEP_STARTED, EventKind.STEP_PROGRESS, EventKind.STEP_FINISHED})
WARM_S = 7200.0  # until every session is up and every rate is steady


class Fate(Protocol):
    """What decides what goes wrong."""

    def boundary(self, *, weighs: bool, durable: bool, target: str = "") -> None:
        """Something is about to be, or was, written down; may raise KilledError."""

    def told(self, kind: EventKind, target: str, data: Mapping[str, Any]) -> None:
        """Something was written down."""


class DyingJournal(Journal):
    """A journal of a process that may die before and after every transaction."""

    fate: Fate

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        self.fate.boundary(weighs=False, durable=True)
        with super()._writing() as connection:
            yield connection
        self.fate.boundary(weighs=False, durable=True)


def network_of(site: Site, truth: Truth, tasks: Tasks, anchors: Sequence[str]) -> Network:
    """The elements, on the world's own time, heard by `truth`."""
    zero = tasks.now().timestamp()
    network = Network(
        site.chassis,
        site.links,
        site.absent,
        now=zero,
        observe=truth.observe,
        anchors=anchors,
        time=lambda: zero + tasks.elapsed,
    )
    truth.network = network
    return network


class World:
    """One network, and the controllers that work on it one after the other."""

    def __init__(self, folder: Path, tasks: Tasks, truth: Truth, fate: Fate, wire: Wire) -> None:
        self.folder, self.tasks, self.truth, self.fate = folder, tasks, truth, fate
        self.network = truth.network
        self.runner = SerialRunner(
            build=simulated(self.network, wire), wrap_emit=self._wrap_emit, side_by_side=True
        )

    @contextmanager
    def journal(self) -> Iterator[DyingJournal]:
        """The journal, opened as a new process does."""
        journal = DyingJournal.open("sqlite:///journal.db", root=self.folder)
        journal.fate = self.fate
        try:
            yield journal
        finally:
            journal.close()

    def services(self, journal: Journal) -> Services:
        """Services over the estate as it stands in memory."""
        services = Services(root=self.folder, lab=True, operator="simulation", runner=self.runner)
        # What is opened on first use elsewhere is here already.
        vars(services).update(estate=self.truth.estate, journal=journal)
        return services

    def start(self, plan: Plan, journal: Journal, run: Run | None) -> RunRecord:
        """One process carries the plan out, or goes on with it.

        Raises:
            KilledError: it died.
        """
        services = self.services(journal)
        self.truth.say("the controller starts" if run is None else "the controller resumes")
        begin: Callable[[], RunRecord]
        if run is None:
            # People's approvals are not what is tried here.
            request = {"verb": plan.verb, APPROVED: [Approval.NO_SAFETY_NET.value]}
            begin = partial(execute, plan, services, request=request)
        else:
            begin = partial(carry_on, plan, run, services, resume=True)
        return self.tasks.run(begin)

    def _wrap_emit(self, emit: Emit) -> Emit:
        def wrapped(
            kind: EventKind, *, target: str = "", durable: bool = False, **data: Any
        ) -> None:
            weighs = kind in _WEIGHTY
            self.fate.boundary(weighs=weighs, durable=durable, target=target)
            emit(kind, target=target, durable=durable, **data)
            self.truth.emitted(kind, target, data)
            self.fate.boundary(weighs=weighs, durable=durable, target=target)
            self.fate.told(kind, target, data)
            self.tasks.give_way()

        return wrapped
