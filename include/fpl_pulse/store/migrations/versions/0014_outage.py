"""Which waiting run has run its upstream pipeline's failed run again."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0014"
down_revision = "0013"
upgrade, downgrade = sql_revision(__file__)
