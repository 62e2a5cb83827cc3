"""The census of keys; figures that a source does not state are unknown."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0017"
down_revision = "0016"
upgrade, downgrade = sql_revision(__file__)
