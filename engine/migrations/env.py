"""Runs migrations on the connection and for the tables that ``engine.schema`` hands in."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes["metadata"],
    render_as_batch=True,
    compare_type=True,
    user_module_prefix="models.",
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
