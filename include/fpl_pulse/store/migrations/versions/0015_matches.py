"""Which events count, and which fixtures a check has missed."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0015"
down_revision = "0014"
upgrade, downgrade = sql_revision(__file__)
