"""Signatures with their statements, the signers in force, who made a plan, what a run was asked.

The approvals of the first schema had no statement; nothing ever wrote one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Go up."""
    op.add_column("plans", sa.Column("operator", sa.String(255), nullable=False, server_default=""))
    op.drop_table("approvals")
    op.create_table(
        "approvals",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("plan_hash", sa.String(64), nullable=False),
        sa.Column("approver", sa.String(255), nullable=False),
        sa.Column("role", sa.String(64), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("statement", sa.Text, nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_approvals"),
        sa.ForeignKeyConstraint(["plan_hash"], ["plans.hash"], name="fk_approvals_plan_hash"),
    )
    op.create_index("ix_approvals_plan_hash", "approvals", ["plan_hash"])
    op.create_table(
        "signers",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("approver", sa.String(255), nullable=False),
        sa.Column("statement", sa.Text, nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_signers"),
    )
    op.create_table(
        "controls",
        sa.Column("run", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("operator", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("run", "number", name="pk_controls"),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_controls_run"),
    )
