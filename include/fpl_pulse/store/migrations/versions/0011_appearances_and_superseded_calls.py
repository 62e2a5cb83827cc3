"""The figures of a player's season stated once, and an outcome for calls that a newer run has made."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0011"
down_revision = "0010"
upgrade, downgrade = sql_revision(__file__)
