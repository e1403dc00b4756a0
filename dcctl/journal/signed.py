"""What people signed: approvals of plans, and the signers that are in force. Only ever added to."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from dcctl import clock
from dcctl.errors import Refused
from dcctl.journal.opened import Opened
from dcctl.journal.schema import approvals, plans, signers
from dcctl.model.approval import ALLOWED_SIGNERS, PinnedSigners, SignedApproval
from dcctl.text import N_

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Signed(Opened):
    """A journal's signatures. Nothing here judges them: who reads them verifies them."""

    def made_by(self, plan_hash: str) -> str:
        """Who made a plan first; empty where an early version of dcctl kept it."""
        query = select(plans.c.operator).where(plans.c.hash == plan_hash)
        with self._reading() as connection:
            return str(connection.execute(query).scalar() or "")

    def keep_approval(self, approval: SignedApproval) -> None:
        """Add a signature over a plan; adding the same one again is fine."""
        whole = f"{approval.plan}\0{approval.statement}\0{approval.signature}".encode()
        digest = hashlib.sha256(whole).hexdigest()
        row = {
            "digest": digest,
            "plan_hash": approval.plan,
            "approver": approval.approver,
            "role": approval.role,
            "at": approval.at,
            "statement": approval.statement,
            "signature": approval.signature,
        }
        with self._writing() as connection:
            query = select(approvals.c.digest).where(approvals.c.digest == digest)
            if connection.execute(query).first() is None:
                connection.execute(insert(approvals), row)

    def approvals(self, plan_hash: str) -> tuple[SignedApproval, ...]:
        """What was signed for a plan, in the order in which the journal took it in."""
        query = (
            select(approvals)
            .where(approvals.c.plan_hash == plan_hash)
            .order_by(approvals.c.at, approvals.c.digest)
        )
        with self._reading() as connection:
            return tuple(
                SignedApproval(
                    plan=row.plan_hash,
                    approver=row.approver,
                    role=row.role,
                    at=row.at,
                    statement=row.statement,
                    signature=row.signature,
                )
                for row in connection.execute(query)
            )

    def pin_signers(
        self,
        content: str,
        *,
        instead_of: str,
        file: str = ALLOWED_SIGNERS,
        approver: str = "",
        statement: str = "",
        signature: str = "",
    ) -> PinnedSigners:
        """Let `content` be the list of signers, or of keys, that is in force from now on.

        Args:
            content: the whole file.
            instead_of: the digest that is in force now; empty for the first.
            file: which file it is.
            approver: who signed for it; with what was signed.
            statement: what was signed.
            signature: over `statement`.

        Raises:
            Refused: another digest is in force.
        """
        with self._writing() as connection:
            before = _in_force(connection, file)
            if (before.digest if before else "") != instead_of:
                raise Refused(
                    N_("other signers were pinned in the meantime"), hint=N_("look at them again")
                )
            last = connection.execute(select(func.max(signers.c.number))).scalar() or 0
            pinned = PinnedSigners(
                digest=hashlib.sha256(content.encode()).hexdigest(),
                content=content,
                at=clock.now().isoformat(),
                approver=approver,
            )
            row = {
                "number": last + 1,
                "file": file,
                "digest": pinned.digest,
                "content": content,
                "at": pinned.at,
                "approver": approver,
                "statement": statement,
                "signature": signature,
            }
            connection.execute(insert(signers), row)
        return pinned

    def was_pinned(self, digest: str, file: str = ALLOWED_SIGNERS) -> bool:
        """Whether a content of `file` is or was in force."""
        query = select(signers.c.number).where(signers.c.file == file, signers.c.digest == digest)
        with self._reading() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def pinned_signers(self, file: str = ALLOWED_SIGNERS) -> PinnedSigners | None:
        """What is in force of a file; None before its first use."""
        with self._reading() as connection:
            return _in_force(connection, file)


def _in_force(connection: Connection, file: str) -> PinnedSigners | None:
    query = select(signers).where(signers.c.file == file).order_by(signers.c.number.desc())
    row = connection.execute(query.limit(1)).first()
    if row is None:
        return None
    return PinnedSigners(digest=row.digest, content=row.content, at=row.at, approver=row.approver)
