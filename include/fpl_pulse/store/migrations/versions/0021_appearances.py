"""The appearances of a season judge each event once."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0021"
down_revision = "0020"
upgrade, downgrade = sql_revision(__file__)
