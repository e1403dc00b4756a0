"""The evidence log: its leaves and their hashes; which file a pinned text is of."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Go up."""
    file = sa.Column(
        "file", sa.String(255), nullable=False, server_default="inventory/allowed_signers"
    )
    op.add_column("signers", file)
    op.create_table(
        "ledger",
        sa.Column("first", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("length", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("first", name="pk_ledger"),
    )
    op.create_index("ix_ledger_kind_key", "ledger", ["kind", "key"])
    op.create_table(
        "tiles",
        sa.Column("level", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name="pk_tiles"),
    )
