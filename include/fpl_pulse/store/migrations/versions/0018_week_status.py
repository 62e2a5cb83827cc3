"""The status of the week, the time for which a store works, and a freshness that can be read."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0018"
down_revision = "0017"
upgrade, downgrade = sql_revision(__file__)
