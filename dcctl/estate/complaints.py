"""Complaints about the files, gathered until all is read, and the error that carries them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl.errors import InvalidInput, Place
from dcctl.model.estate import Complaint, ComplaintSeverity
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 1000  # a file that is wrong everywhere need not be told line by line


class InvalidEstate(InvalidInput):
    """The estate's files can't be used as they are; `complaints` says everything that was found."""

    complaints: tuple[Complaint, ...] = ()

    @classmethod
    def of(cls, complaints: Iterable[Complaint]) -> InvalidEstate:
        """The error for `complaints`, of which one at least is an error."""
        found = tuple(complaints)
        errors = [one for one in found if one.severity is ComplaintSeverity.ERROR]
        first, more = errors[0], len(errors) - 1
        hint = N_("and {more} more; dcctl inventory check lists them all") if more else None
        error = cls(
            first.text.msgid,
            hint=hint or first.hint.msgid,
            place=first.place,
            **{**first.hint.params, **first.text.params, "more": more},
        )
        error.complaints = found
        return error

    def __reduce__(self) -> tuple[Any, ...]:
        return InvalidEstate.of, (self.complaints,)


class Complaints:
    """Gathers complaints; each is told once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, int, str], Complaint] = {}
        self.left_out = 0

    def add(
        self,
        place: Place,
        msgid: str,
        /,
        *,
        hint: str = "",
        severity: ComplaintSeverity = ComplaintSeverity.ERROR,
        **params: Any,
    ) -> None:
        """Note one; `msgid` and `hint` are marked with `N_` and share `params`."""
        self.note(
            Complaint(
                place=place, text=Text(msgid, params), hint=Text(hint, params), severity=severity
            )
        )

    def note(self, complaint: Complaint) -> None:
        """Note one that is already made."""
        place = complaint.place
        key = (place.file, place.line or 0, place.column or 0, str(complaint.text))
        if len(self._found) < MOST:
            self._found.setdefault(key, complaint)
        elif key not in self._found:
            self.left_out += 1

    def take(self, other: Complaints) -> None:
        """Note all that another has gathered."""
        for complaint in other.sorted():
            self.note(complaint)

    @property
    def fatal(self) -> bool:
        """Whether one of them stops the estate from being used."""
        return any(one.severity is ComplaintSeverity.ERROR for one in self._found.values())

    def sorted(self) -> tuple[Complaint, ...]:
        """All of them by place."""
        found = sorted(self._found.items())
        if self.left_out:
            text = Text(N_("{count} more complaints are not listed"), {"count": self.left_out})
            return (*(one for _, one in found), Complaint(place=Place("dcctl.yml"), text=text))
        return tuple(one for _, one in found)

    def stop_if_fatal(self) -> None:
        """Raise what was gathered, if that can't be gone on with."""
        if self.fatal:
            raise InvalidEstate.of(self.sorted())
