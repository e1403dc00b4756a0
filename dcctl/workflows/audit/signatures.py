"""Whose signatures stand under a declaration, judged on a day by the signers kept with it.

No clock and no journal: the same text, signers and day give the same answer anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from dcctl.errors import InvalidInput, Refused
from dcctl.planning.approvals import person
from dcctl.standards import roles
from dcctl.text import N_, Text
from dcctl.workflows import signers as people
from dcctl.workflows import statements
from dcctl.workflows.audit.law_day import day_of, end_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from dcctl.estate.schema.declarations import SignatureEntry
    from dcctl.model.approval import Purpose
    from dcctl.model.declaration import Declarations
    from dcctl.workflows.signers import Signers

REQUESTER, APPROVER = N_("requester"), N_("approver")


@dataclass(frozen=True, kw_only=True)
class Bench:
    """Who may sign, and the day on which it is asked."""

    declarations: Declarations
    day: date

    @cached_property
    def signers(self) -> Signers:
        """The signers in force.

        Raises:
            Refused: there are none that could count.
        """
        told = self.declarations.unsigned
        if told is not None:
            raise Refused(told.msgid, **told.params)
        try:
            return people.of(self.declarations.signers)
        except InvalidInput as error:
            raise Refused(error.text.msgid, **error.text.params) from error

    def same(self, *names: str) -> frozenset[str]:
        """All names and keys of the person, or persons, who go by these."""
        return frozenset().union(*(person(name, self.signers.lines) for name in names))

    def require_no_auditor(self, name: str, key: str) -> None:
        """Refuse who audits this estate.

        Raises:
            Refused: he does.
        """
        people.require_no_auditor(name, key, self.declarations.auditors, self.signers)

    def key(
        self,
        signatures: Iterable[SignatureEntry],
        *,
        name: str,
        digest: str,
        who: str,
        role: str,
        purpose: Purpose,
    ) -> str:
        """The key with which `who` signed exactly this in that role.

        Raises:
            Refused: nobody did, or the signature does not count; says why.
        """
        problem = Refused(
            N_("it lacks the signature of {who} as {role}"), who=who, role=_seat(role)
        )
        for one in signatures:
            try:
                said = statements.parse_of(one.statement, self.declarations.estate, purpose)
            except Refused:
                continue  # for something else, or by nobody here
            if (said["signer"], said["role"], said["name"]) != (who, role, name):
                continue
            try:
                self._require(said["at"], said["digest"], digest, who)
                return people.judge(
                    one.statement,
                    one.signature,
                    approver=who,
                    purpose=purpose,
                    signers=self.signers,
                    at=end_of(self.day),
                )
            except Refused as error:
                problem = error
        raise problem

    def _require(self, at: str, signed: str, digest: str, who: str) -> None:
        if signed != digest:
            raise Refused(N_("it was altered after {who} had signed it"), who=who)
        if day_of(at) > self.day:
            raise Refused(
                N_("{who} signed it on {at}, after the day that is judged, {day}"),
                who=who,
                at=day_of(at).isoformat(),
                day=self.day.isoformat(),
            )


def _seat(role: str) -> Text | dict[str, str]:
    """A role in both languages: one of a waiver's two, or one that attests."""
    words = roles().get(role)
    return Text(role) if words is None else dict(words)


def require_span(first: date, last: date, longest: date) -> None:
    """Refuse what runs too long.

    Raises:
        Refused: it does, or ends before it begins.
    """
    if last < first:
        raise Refused(
            N_("its last day, {last}, is before its first, {first}"),
            first=first.isoformat(),
            last=last.isoformat(),
        )
    if last > longest:
        raise Refused(
            N_("it runs too long: from {first} to {last}, and {longest} is the latest"),
            first=first.isoformat(),
            last=last.isoformat(),
            longest=longest.isoformat(),
        )


def require_term(first: date, last: date, longest: date, day: date) -> None:
    """Refuse what runs too long, or not on this day.

    Raises:
        Refused: says which.
    """
    require_span(first, last, longest)
    if day > last:
        raise Refused(N_("it expired after {last}"), last=last.isoformat())
    if day < first:
        raise Refused(N_("it holds only from {first} on"), first=first.isoformat())
