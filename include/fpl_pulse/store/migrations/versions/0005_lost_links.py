"""Lost links are remembered, and alerts can be closed."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0005"
down_revision = "0004"
upgrade, downgrade = sql_revision(__file__)
