"""Each player's matches with the figures of both sources side by side, kept by triggers."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0023"
down_revision = "0022"
upgrade, downgrade = sql_revision(__file__)
