"""Forced responses are marked in the archive, so that a rebuild treats them alike."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0007"
down_revision = "0006"
upgrade, downgrade = sql_revision(__file__)
