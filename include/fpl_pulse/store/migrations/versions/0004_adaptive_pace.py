"""The pace slows down for every task after a 429."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0004"
down_revision = "0003"
upgrade, downgrade = sql_revision(__file__)
