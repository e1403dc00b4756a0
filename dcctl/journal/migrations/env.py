"""What Alembic runs; the connection comes from `dcctl.journal.migrate`, already inside its transaction."""

from alembic import context

from dcctl.journal.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
)
context.run_migrations()
