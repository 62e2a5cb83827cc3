"""The SQL statements of `fpl_pulse.web`, a file each. They read only the views of the schema `fpl`."""

from pathlib import Path

from fpl_pulse.store.connection import QueryFolder

query = QueryFolder(Path(__file__).parent)
