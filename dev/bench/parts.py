"""The parts of the benchmark, by name: what each measures, and the goal of each figure."""

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console

from dev.local.postgres import EmbeddedPostgres

LEAST_CALLS = 30
"""A pipeline with fewer calls says nothing about the pace."""
OVERHEAD_S = {
    "update_fixture_mappings": 6.4,
    "update_lineups": 5.6,
    "collect_heatmaps": 2.6,
    "update_season_stats": 2.6,
    "update_radar_attributes": 2.0,
}
"""Half of what a run of each pipeline once took beyond its calls, in seconds."""
LEAST_ROWS_PER_SECOND = {"lineups": 8_000, "heatmaps": 5_000}


class Bench:
    """The folder, the console and the stores that the parts share."""

    def __init__(self, folder: Path, console: Console) -> None:
        """Choose the folder; nothing is started yet."""
        self.folder = folder
        self.console = console
        self._resources = ExitStack()
        self._server: EmbeddedPostgres | None = None

    def __enter__(self) -> Self:
        """Nothing is started before a part needs it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop what the parts have started."""
        self._resources.close()

    @property
    def server(self) -> EmbeddedPostgres:
        """A Postgres server of the benchmark."""
        if self._server is None:
            self._server = self._resources.enter_context(EmbeddedPostgres(self.folder / "postgres"))
        return self._server
