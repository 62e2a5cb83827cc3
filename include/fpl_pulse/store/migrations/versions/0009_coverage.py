"""Expected data, coverage, freshness and the quota outlook."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0009"
down_revision = "0008"
upgrade, downgrade = sql_revision(__file__)
