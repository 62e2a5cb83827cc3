"""Revisions of corrected rows, kept by triggers, and the tables as of an earlier time."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0003"
down_revision = "0002"
upgrade, downgrade = sql_revision(__file__)
