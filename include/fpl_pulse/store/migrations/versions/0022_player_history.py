"""FPL's prices, ownership and availability of each player over time."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0022"
down_revision = "0021"
upgrade, downgrade = sql_revision(__file__)
