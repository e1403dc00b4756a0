"""What every workflow is given: the site, its journal, a runner, and who listens."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl import discovery
from dcctl.errors import NotFound, Refused
from dcctl.model.event import Event
from dcctl.model.plan import Plan
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from dcctl.journal import Journal
    from dcctl.model.approval import Approval
    from dcctl.model.estate import Estate
    from dcctl.model.role import RoleSpec
    from dcctl.running import Runner

MARKER = "dcctl.yml"
LAB_FOLDER = Path(".dcctl") / "lab"


def _ignore(_event: Event) -> None:
    """Nobody listens."""


def _unheard(_text: Text) -> None:
    """Nobody is told."""


def _refuse(_plan: Plan) -> bool:
    """Nobody approves."""
    return False


def _refuse_lines(_lines: Mapping[str, tuple[str, ...]]) -> bool:
    """Nobody approves."""
    return False


@dataclass(frozen=True, kw_only=True)
class Services:
    """One opened site.

    `on_event` hears every event as it is journalled; `approve` is asked before something is
    changed.
    """

    root: Path
    lab: bool = False
    operator: str = ""
    serial: bool = False  # run in this process, one thing after the other
    runner: Runner | None = None  # carries out all runs; none: chosen for each
    on_event: Callable[[Event], None] = _ignore
    on_notice: Callable[[Text], None] = _unheard  # what a person is told beside what was asked
    on_plan: Callable[[Plan], None] = _ignore  # type: ignore[assignment] # contravariant stand-in
    approve: Callable[[Plan], bool] = _refuse
    # Asked about destructive lines (target -> lines), where somebody can be asked.
    approve_destructive: Callable[[Mapping[str, tuple[str, ...]]], bool] = _refuse_lines
    can_ask: bool = False
    approvals: frozenset[Approval] = frozenset()  # given beforehand, each by name
    overrides: Mapping[str, Any] = field(default_factory=dict)  # options given on the command line

    @cached_property
    def estate(self) -> Estate:
        """The validated estate."""
        from dcctl import estate

        return estate.load(self.root, lab=self.lab)

    @cached_property
    def journal(self) -> Journal:
        """The estate's one journal; the lab's own with `lab`."""
        from dcctl.journal import Journal

        config = self.estate.site_config
        return Journal.open(
            config.journal_url,
            root=self.root,
            create=not config.journal_id,  # a pinned journal is never made anew, only found
            expected=config.journal_id,
        )

    @cached_property
    def roles(self) -> Mapping[str, RoleSpec]:
        """Every role, in an order that honours `after`."""
        from dcctl.planning.roles import load_roles

        declared = self.estate.site_config.overrides
        shadowing = {name.removeprefix("roles/") for name in declared if name.startswith("roles/")}
        return load_roles(self.role_paths, shadowing=shadowing)

    @property
    def role_paths(self) -> tuple[Path, ...]:
        """The site's own roles, then the packaged ones."""
        candidates = (self.root / "roles", discovery.data_root() / "roles")
        return tuple(dict.fromkeys(path.resolve() for path in candidates if path.is_dir()))

    @property
    def template_paths(self) -> tuple[Path, ...]:
        """The site's own templates, then the packaged ones."""
        from dcctl.planning.render import template_paths

        return template_paths(self.root, self.estate.site_config.overrides)

    def require_may_change(self) -> None:
        """Refuse an auditor, and a journal that nobody can tell from another; the lab takes both.

        Raises:
            Refused: who runs this is an auditor, or `dcctl.yml` names no journal id.
        """
        self.require_no_auditor()
        if not self.lab and not self.estate.site_config.journal_id:
            raise Refused(
                N_("dcctl.yml pins no journal, and one estate has one journal"),
                hint=N_("write `id: {id}` under `journal:` in dcctl.yml"),
                id=self.journal.id,
            )

    def require_no_auditor(self) -> None:
        """Refuse an auditor, in the lab nobody.

        Raises:
            Refused: who runs this is one.
        """
        names = {part.strip() for part in self.operator.split(" as ")}
        auditors = names.intersection(self.estate.site_config.policy.auditors)
        if not self.lab and auditors:
            raise Refused(
                N_("{name} is an auditor of this estate, and changes nothing in it"),
                hint=N_("auditors are listed in dcctl.yml, under policy:"),
                name=", ".join(sorted(auditors)),
            )

    def close(self) -> None:
        """Close what was opened."""
        journal = self.__dict__.get("journal")
        if journal is not None:
            journal.close()


@contextmanager
def open_site(root: Path | None = None, **settings: Any) -> Iterator[Services]:
    """The services of the site at `root` (default: found from the working directory upwards)."""
    settings.setdefault("operator", operator())
    services = Services(root=find_site(root), **settings)
    try:
        yield services
    finally:
        services.close()


def find_site(start: Path | None = None) -> Path:
    """The folder that holds dcctl.yml: `start` itself when given, else the nearest upwards.

    Raises:
        NotFound: there is none.
    """
    if start is not None:
        root = start.expanduser().resolve()
        if not (root / MARKER).is_file():
            raise NotFound(
                N_("{root} holds no dcctl.yml, so it is no site"),
                hint=N_("make one with `dcctl init {root}`"),
                root=str(root),
            )
        return root
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / MARKER).is_file():
            return folder
    raise NotFound(
        N_("no dcctl.yml here or above, so this is no site"),
        hint=N_("make one with `dcctl init FOLDER`, or name one with --site FOLDER"),
    )


def operator() -> str:
    """Who runs this: the login name, and the one behind sudo."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = str(os.getuid())
    behind = os.environ.get("SUDO_USER")
    return f"{behind} as {name}" if behind and behind != name else name
