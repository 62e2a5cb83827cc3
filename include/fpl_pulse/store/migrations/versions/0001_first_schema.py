"""The first schema: both sources, the mappings, the archive, the ledger and the runs. A downgrade drops everything."""

from fpl_pulse.store.migrations.sql_revision import sql_revision

revision = "0001"
down_revision = None
upgrade, downgrade = sql_revision(__file__)
