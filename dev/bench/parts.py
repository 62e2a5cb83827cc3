"""The parts of the benchmark, by name: what each measures, and the goal of each figure."""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import Connection
from rich.console import Console

from dev.bench import api, full_season, growth, loads, many_seasons, pages, parsing, rebuild, week
from dev.bench.figures import Figure, at_least, at_most
from dev.bench.serving import server_of
from dev.local.postgres import EmbeddedPostgres
from fpl_pulse.packs.folder import Folder
from fpl_pulse.packs.pack import write_pack
from fpl_pulse.packs.place import pack_name
from fpl_pulse.packs.settings import PACKS
from fpl_pulse.week import REBUILD

_SEASON = "season"
LEAST_CALLS = 30
"""A pipeline with fewer calls says nothing about the pace."""
OVERHEAD_S = {
    "update_fixture_mappings": 6.4,
    "update_lineups": 5.6,
    "collect_heatmaps": 2.6,
    "update_season_stats": 2.6,
    "update_radar_attributes": 2.0,
}
"""Half of what a run of each pipeline took beyond its calls before it was measured, in seconds."""
LEAST_ROWS_PER_SECOND = {"lineups": 8_000, "heatmaps": 5_000}
MOST_REBUILD_S, MOST_DIGEST_S = 25, 5
SEASONS = (1, 5, 25)
MOST_PLANNING_MS, MOST_VIEW_MS = 20, 200
MOST_API_MS = 50
MOST_PACK_S = 60
MOST_PAGE_MS, MOST_DRAWING_MS, MOST_KEPT_MS = 300, 400, 20
MOST_GROWTH_MB = 100
"""Of a server that draws 300 pictures: it keeps 31 MB of them, and frees memory late. 300 figures that are never freed
have more than 300 MB."""
MOST_EXPONENT = 0.25
"""Of a statement that reads one season. Measured exponents vary by about 0.1 with the load of the machine."""
LEAST_MS = 2.0
"""A statement that takes less at 25 seasons has no exponent: it is mostly the way to Postgres and back."""


class Bench:
    """The folder, the console and the stores that the parts share."""

    def __init__(self, folder: Path, console: Console) -> None:
        """Choose the folder; nothing is started yet."""
        self.folder = folder
        self.console = console
        self._resources = ExitStack()
        self._server: EmbeddedPostgres | None = None
        self._numbers = count(1)

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
        """The Postgres server of the parts that need no Airflow."""
        if self._server is None:
            self._server = self._resources.enter_context(EmbeddedPostgres(self.folder / "postgres"))
        return self._server

    @contextmanager
    def season(self) -> Iterator[Connection[Any]]:
        """A connection to a new copy of a store with the weekly runs of a full season, in autocommit mode."""
        if self.server.create_database(_SEASON):
            self.console.print("Loading a full season, week by week")
            full_season.load(self.server.dsn(_SEASON))
        name = f"{_SEASON}_{next(self._numbers)}"
        self.server.create_database(name, template=_SEASON)
        try:
            with psycopg.connect(self.server.dsn(name), autocommit=True) as conn:
                yield conn
        finally:
            self.server.drop_database(name)


def measure_week(bench: Bench) -> Iterator[Figure]:
    """A steady week on a real Airflow at 5, 10 and 27 calls per second."""
    folder = bench.folder / "week"
    measured = list(week.measure(folder, bench.console))
    shutil.rmtree(folder, ignore_errors=True)
    for one in measured:
        part = f"week at {one.rate}/s"
        for pipeline in one.pipelines:
            if pipeline.calls > LEAST_CALLS:
                what = f"{pipeline.dag_id}: fetches ÷ ({pipeline.calls} calls ÷ rate)"
                yield Figure(part, what, pipeline.pace(one.rate), goal=at_most(1.10))
        for pipeline in one.pipelines:
            goal = at_most(OVERHEAD_S[pipeline.dag_id])
            yield Figure(part, f"{pipeline.dag_id}: run beyond its calls", pipeline.overhead_s, "s", goal)
        yield Figure(
            part, "most calls in one second, as the server counts", one.most_in_a_second, "", at_most(one.rate)
        )
        yield Figure(part, "the whole week", sum(pipeline.wall_s for pipeline in one.pipelines), "s")
    newest = measured[-1]
    yield Figure("calls", "of the steady week", newest.calls)
    yield Figure("calls", "÷ those of the old system", 100 * newest.calls / newest.old_calls, "%", at_most(55))
    for component, size_mb in sorted(newest.memory.items()):
        yield Figure("memory", component, size_mb, "MB")


def measure_loads(bench: Bench) -> Iterator[Figure]:
    """The load of a season's lineups and heatmaps, beside plain upserts of the same rows one by one."""
    with bench.season() as conn:
        for one in loads.measure(full_season.context(conn, "update_lineups")):
            goal = at_least(LEAST_ROWS_PER_SECOND[one.what])
            yield Figure("loads", f"{one.what}, with validation", one.rows_per_second, "rows/s", goal)
            yield Figure("loads", f"{one.what}, one by one without validation", one.upserts_per_second, "rows/s")


def measure_rebuild(bench: Bench) -> Iterator[Figure]:
    """The rebuild of a full season from its archive, and the digest of a season."""
    with bench.season() as conn:
        context = full_season.context(conn, REBUILD)
        rebuilt = rebuild.measure_rebuild(context)
        what = f"{rebuilt.responses:,} responses of {rebuilt.as_of_times} as-of times, {rebuilt.rows:,} rows"
        yield Figure("rebuild", what, rebuilt.seconds, "s", at_most(MOST_REBUILD_S))
        yield Figure("rebuild", "tables that differ afterwards", len(rebuilt.different_tables), goal=at_most(0))


def measure_growth(bench: Bench) -> Iterator[Figure]:
    """The queries of a weekly run, and the views, with 1, 5 and 25 stored seasons."""
    with ExitStack() as stores:
        connections = {}
        for seasons in SEASONS:
            connections[seasons] = stores.enter_context(bench.season())
            if seasons > 1:
                many_seasons.add_seasons(connections[seasons], seasons - 1)
        for one in growth.measure(connections, runs=20):
            yield from _growth(one)
        digests = rebuild.measure_digest(full_season.context(connections[SEASONS[-1]], REBUILD))
        yield Figure("digest, 25 seasons", "of one season", digests.season_s, "s", at_most(MOST_DIGEST_S))
        yield Figure("digest, 25 seasons", f"of all {digests.rows:,} rows", digests.everything_s, "s")


def _growth(one: growth.Growth) -> Iterator[Figure]:
    newest = one.timings[SEASONS[-1]]
    if one.name in growth.PLANNING:
        yield Figure("planning, 25 seasons", one.name, newest.p99_ms, "ms p99", at_most(MOST_PLANNING_MS))
    if one.name in growth.VIEWS:
        yield Figure("views, 25 seasons", one.name, newest.p50_ms, "ms", at_most(MOST_VIEW_MS))
    if newest.p50_ms > LEAST_MS:
        yield Figure("growth, exponent", one.name, one.exponent, goal=at_most(MOST_EXPONENT))


def measure_parsing(bench: Bench) -> Iterator[Figure]:
    """The reading of each DAG file by the real DAG processor, beside a file with an empty DAG."""
    seconds = parsing.measure(bench.folder / "parsing")
    empty = seconds.pop(parsing.EMPTY)
    yield Figure("parsing", "a file with an empty DAG", 1000 * empty, "ms")
    for dag_id, of_file in seconds.items():
        yield Figure("parsing", dag_id, 1000 * of_file, "ms")
        yield Figure("parsing", f"{dag_id} ÷ the empty DAG", of_file / empty)


def measure_packs(bench: Bench) -> Iterator[Figure]:
    """The pack of the last gameweek of a full season, on a disk."""
    with bench.season() as conn:
        conn.execute("analyze")
        started = time.perf_counter()
        packed = write_pack(conn, Folder(bench.folder / "packs"))
        seconds = time.perf_counter() - started
        what = f"gameweek {packed.gameweek}, {packed.rows:,} rows"
        yield Figure("packs", what, seconds, "s", at_most(MOST_PACK_S))
        yield Figure("packs", "size", packed.manifest.size / 1e6, "MB")
        started = time.perf_counter()
        again = write_pack(conn, Folder(bench.folder / "packs"))
        yield Figure("packs", "the same again", time.perf_counter() - started, "s")
        yield Figure("packs", "files that differ then", float(again.is_new), goal=at_most(0))


def measure_api(bench: Bench) -> Iterator[Figure]:
    """The JSON API on a full season, with 50 requests a second for half a minute."""
    with bench.season() as conn:
        conn.execute("analyze")
        folder = bench.folder / "api"
        folder.mkdir()
        with api.serving(_dsn(conn), folder) as (address, token):
            load = api.measure(address, token, conn)
    part = f"API at {api.RATE}/s"
    yield Figure(part, "requests", load.requests)
    yield Figure(part, "failed", load.failed, goal=at_most(0))
    yield Figure(part, "duration, p50", load.p50_ms, "ms")
    yield Figure(part, "duration, p95", load.p95_ms, "ms", at_most(MOST_API_MS))
    yield Figure(part, "duration, p99", load.p99_ms, "ms")
    yield Figure(part, f"the slowest kind, p50: {load.slowest}", load.slowest_ms, "ms")


def measure_pages(bench: Bench) -> Iterator[Figure]:
    """Every kind of page and picture on a full season, one request after the other."""
    with bench.season() as conn:
        conn.execute("analyze")
        folder = bench.folder / "pages"
        packs = folder / "packs"
        packed = write_pack(conn, Folder(packs))
        about = pages.subjects(conn, pack_name(packed.season, packed.gameweek))
        with server_of("dev.bench.page_server", _dsn(conn), folder, {PACKS: str(packs)}) as (address, process):
            measured = pages.measure(address, process, about)
    yield from _durations("pages", measured.pages, MOST_PAGE_MS)
    yield Figure("pictures, drawn", "the first one of the process", measured.first_picture_ms, "ms")
    yield from _durations("pictures, drawn", measured.drawn, MOST_DRAWING_MS)
    yield from _durations("pictures, kept", measured.kept, MOST_KEPT_MS)
    part = "memory of the server"
    yield Figure(part, "after all these pages and pictures", measured.memory_mb, "MB")
    what = f"growth by {measured.further_pictures} other pictures, which are {measured.further_mb:.0f} MB"
    yield Figure(part, what, measured.growth_mb, "MB", at_most(MOST_GROWTH_MB))
    what = f"failed, the first: {measured.failed[0]}" if measured.failed else "failed"
    yield Figure("pages and pictures", what, len(measured.failed), goal=at_most(0))


def _durations(part: str, kinds: Sequence[pages.Kind], most_ms: float) -> Iterator[Figure]:
    for one in kinds:
        yield Figure(part, f"{one.name}, p50", one.p50_ms, "ms")
        yield Figure(part, f"{one.name}, p95", one.p95_ms, "ms", at_most(most_ms))


def _dsn(conn: Connection[Any]) -> str:
    """The address of a connection's database, with the password."""
    return f"postgresql://{conn.info.user}:{conn.info.password}@{conn.info.host}:{conn.info.port}/{conn.info.dbname}"


PARTS: dict[str, Callable[[Bench], Iterator[Figure]]] = {
    "week": measure_week,
    "loads": measure_loads,
    "rebuild": measure_rebuild,
    "growth": measure_growth,
    "parsing": measure_parsing,
    "api": measure_api,
    "pages": measure_pages,
    "packs": measure_packs,
}
