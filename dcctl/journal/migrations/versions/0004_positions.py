"""A run's events by their position: the last one is found without looking at all of them."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Go up."""
    op.create_index("ix_events_run_position", "events", ["run", "position"])
