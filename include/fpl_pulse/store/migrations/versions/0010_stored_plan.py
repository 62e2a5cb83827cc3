"""Status sets as functions, the archive by typed columns, and the stored plan of a run."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0010"
down_revision = "0009"
upgrade, downgrade = sql_revision(__file__)
