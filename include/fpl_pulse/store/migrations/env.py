"""Alembic's entry: runs the migrations on the connection that `fpl_pulse.store.schema` hands over."""

from alembic import context
from sqlalchemy import text

connection = context.config.attributes["connection"]
connection.execute(text("create schema if not exists pulse"))
context.configure(connection=connection, version_table_schema="pulse", transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
