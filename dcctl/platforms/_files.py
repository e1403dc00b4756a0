"""The files of one operating system: listed, digested, fetched, copied, removed in its words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dcctl.errors import CommandFailed
from dcctl.model.upgrade import Store
from dcctl.platforms._upgrading import (
    LONG,
    TRANSFER,
    digest_in,
    free_of,
    listed,
    plain,
    say,
    source,
    told,
)

if TYPE_CHECKING:
    from dcctl.contracts import Session
    from dcctl.model.upgrade import ImageFile

_DIGITS = {"md5": 32, "sha256": 64, "sha512": 128}


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What a command line is told of files, and what it says of them.

    Commands are filled with a store's `{path}` and a file's `{name}`; `fetch` with the `{url}` too,
    and `bring` with `{other}`, the path of the store that gets it. Expressions match line by line.
    """

    entry: str  # a line of a listing, with the groups `size` and `name`
    free: str  # the free space, in one group
    unit: int = 1  # bytes that it is counted in
    digests: tuple[tuple[str, str], ...] = ()  # (algorithm, command), the strongest first
    schemes: tuple[str, ...] = ()  # of URLs that it fetches from
    fetch: str = ""
    bring: str = ""
    taken: str = ""  # what it says when it has the whole file
    failed: str = ""  # what it says when it hasn't
    delete: str

    def store(self, path: str, said: str, supervisor: str = "", *, command: str = "") -> Store:
        """The store at `path`, of which `command` (default: `dir PATH`) has `said` all.

        Raises:
            Unparsed: the listing has no end.
        """
        free = free_of(command or f"dir {path}", said, self.free, self.unit)
        return Store(supervisor=supervisor, path=path, free=free, files=listed(said, self.entry))

    def second(
        self, session: Session, path: str, supervisor: str, sign: str = "^Directory of "
    ) -> tuple[Store, ...]:
        """The store of another supervisor; none where its listing doesn't bear the `sign`."""
        said = told(session, f"dir {path}")
        found = re.search(sign, said, re.MULTILINE)
        return (self.store(path, said, supervisor),) if found else ()

    def digest(self, session: Session, store: Store, name: str) -> tuple[str, str]:
        """By the strongest algorithm that the release knows; see contracts.Upgrade.

        Raises:
            CommandFailed: it knows none. Unparsed.
        """
        *stronger, weakest = self.digests
        for algorithm, command in stronger:
            try:
                return self._digest(session, algorithm, command, store, name)
            except CommandFailed:
                continue
        return self._digest(session, *weakest, store, name)

    @staticmethod
    def _digest(
        session: Session, algorithm: str, command: str, store: Store, name: str
    ) -> tuple[str, str]:
        command = command.format(path=store.path, name=plain(name))
        answer = session.send(command, timeout=LONG)
        return algorithm, digest_in(command, answer, _DIGITS[algorithm])

    def pull(self, session: Session, url: str, store: Store, file: ImageFile) -> None:
        """The device fetches the file by itself.

        Raises:
            CommandFailed, InvalidInput.
        """
        url, name = source(url, self.schemes), plain(file.name)
        command = self.fetch.format(url=url, path=store.path, name=name)
        say(session, command, timeout=TRANSFER, want=self.taken, failed=self.failed)

    def copy(self, session: Session, have: Store, other: Store, name: str) -> None:
        """From one supervisor's store to another's; what it asks is answered.

        Raises:
            CommandFailed, InvalidInput.
        """
        command = self.bring.format(path=have.path, name=plain(name), other=other.path)
        say(session, command, timeout=LONG, want=self.taken, failed=self.failed)

    def remove(self, session: Session, store: Store, name: str) -> None:
        """For good; what it asks is answered.

        Raises:
            CommandFailed, InvalidInput.
        """
        session.send(self.delete.format(path=store.path, name=plain(name)))
