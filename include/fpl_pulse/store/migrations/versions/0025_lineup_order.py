"""The order of SofaSport's lineups, from which the places on the pitch follow."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0025"
down_revision = "0024"
upgrade, downgrade = sql_revision(__file__)
