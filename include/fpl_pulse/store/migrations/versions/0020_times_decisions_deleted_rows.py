"""Wall clocks and as-of times; decisions at their as-of time; how many rows a load has left in the tables."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0020"
down_revision = "0019"
upgrade, downgrade = sql_revision(__file__)
