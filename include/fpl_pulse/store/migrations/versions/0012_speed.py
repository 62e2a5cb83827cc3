"""The pace counts calls as a source does."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0012"
down_revision = "0011"
upgrade, downgrade = sql_revision(__file__)
