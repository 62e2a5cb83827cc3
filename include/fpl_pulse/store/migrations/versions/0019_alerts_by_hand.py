"""Alerts that people close, and the errors of attempts."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0019"
down_revision = "0018"
upgrade, downgrade = sql_revision(__file__)
