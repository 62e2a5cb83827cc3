"""Ids of FPL's players at other providers."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0024"
down_revision = "0023"
upgrade, downgrade = sql_revision(__file__)
