"""The SQL statements of charts, a file each. They name tables of the schema `pulse` in full."""

from pathlib import Path

from fpl_pulse.store.connection import QueryFolder

query = QueryFolder(Path(__file__).parent)
