"""What Alembic runs; `dcctl.journal.migrate` gives the connection, inside its transaction."""

from alembic import context

from dcctl.journal.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
)
context.run_migrations()
