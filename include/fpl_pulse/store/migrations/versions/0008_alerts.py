"""Alerts are delivered; every attempt of a task is recorded."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0008"
down_revision = "0007"
upgrade, downgrade = sql_revision(__file__)
