"""The SQL statements of `fpl_pulse.packs`, a file each."""

from pathlib import Path

from fpl_pulse.store.connection import QueryFolder

query = QueryFolder(Path(__file__).parent)
