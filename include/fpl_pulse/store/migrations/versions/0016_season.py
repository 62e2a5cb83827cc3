"""The season is the one that was accepted last, and FPL's withdrawals are kept as revisions."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0016"
down_revision = "0015"
upgrade, downgrade = sql_revision(__file__)
