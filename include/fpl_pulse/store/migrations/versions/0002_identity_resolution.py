"""Evidence of links, manual decisions, alerts, and the reconciliation with FPL."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0002"
down_revision = "0001"
upgrade, downgrade = sql_revision(__file__)
