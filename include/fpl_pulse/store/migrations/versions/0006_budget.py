"""The quota, the forecast of a run's calls, and the calls that it skipped."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0006"
down_revision = "0005"
upgrade, downgrade = sql_revision(__file__)
