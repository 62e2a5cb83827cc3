"""Writes the pack of a gameweek: the views as files, with everything that a reader without the project needs."""

import logging
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from psycopg import Connection

from fpl_pulse.packs import snapshot
from fpl_pulse.packs.alone import alone
from fpl_pulse.packs.contents import contents_of
from fpl_pulse.packs.database import Table, create_gameweek_views, load_view, meaning_of, open_database
from fpl_pulse.packs.datapackage import DATA_PACKAGE, data_package
from fpl_pulse.packs.defects import DEFECTS, defects
from fpl_pulse.packs.formats import write_csv, write_parquet
from fpl_pulse.packs.guide import GUIDE, guide
from fpl_pulse.packs.manifest import (
    MANIFEST,
    Contents,
    LastPack,
    Manifest,
    PackedFile,
    Revision,
    packed_file,
    revisions_between,
)
from fpl_pulse.packs.overview import Overview, read_overview
from fpl_pulse.packs.page import TableFiles, write_page
from fpl_pulse.packs.place import Place, files_in, pack_name
from fpl_pulse.packs.same_bytes import make_reproducible
from fpl_pulse.packs.views import NOT_IN_PACKS, PACKED
from fpl_pulse.store.dictionary import dictionary_of

log = logging.getLogger(__name__)

DATABASE, DICTIONARY = "season.duckdb", "data-dictionary.md"
SEASON, GAMEWEEK = "season", "gameweek"
"""The folders of a pack with the tables of the season to date, and of the gameweek alone."""

SPILL = ".spill"
"""For what does not fit into DuckDB's memory; removed before the pack is done."""


@dataclass(frozen=True)
class Packed:
    """A pack that is in its place now."""

    season: str
    gameweek: int
    address: str
    manifest: Manifest
    is_new: bool
    """False when the same pack was there already."""

    @property
    def rows(self) -> int:
        """The rows of all tables, each counted once."""
        return sum(
            file.rows or 0
            for file in self.manifest.files
            if file.path.startswith(f"{SEASON}/") and file.path.endswith(".csv")
        )


@dataclass(frozen=True)
class Building:
    """A pack while it is built: what the writers of its files work with. The store is not in it."""

    folder: Path
    season: str
    gameweek: int
    as_of: datetime
    tables: Sequence[Table]
    contents: Contents
    last_pack: LastPack | None
    revised: Sequence[Revision]

    @property
    def params(self) -> dict[str, Any]:
        """The parameters of the queries."""
        return {"season": self.season, "gameweek": self.gameweek, "as_of": self.as_of}

    @property
    def title(self) -> str:
        """The pack in words."""
        return f"FPL Pulse: gameweek {self.gameweek} and season {self.season} to date"


@dataclass(frozen=True)
class Unfinished:
    """A pack for which everything has been read: its tables are written, its pictures are not drawn."""

    building: Building
    rows: Mapping[str, int]
    """Path of a table's file -> its rows."""
    meanings: Mapping[str, str]
    """View -> what a row of it is."""
    overview: Overview


def write_pack(conn: Connection[Any], place: Place, season: str | None = None, gameweek: int | None = None) -> Packed:
    """Write the pack of a gameweek, whole or not at all. The same data gives the same bytes.

    Args:
        conn: the store, in autocommit mode.
        place: where packs are.
        season: None for the current one.
        gameweek: None for the newest that has begun at the as-of time of the data.

    Raises:
        PackNotWrittenError: the place cannot be reached, is full or refuses; a pack of before is unchanged.
        SelectionError: there is no such season or gameweek, or the gameweek has not begun.
        NotStoredYetError: the store is empty.
    """
    with alone(conn) as still_alone, ExitStack() as kept:
        with snapshot.snapshot(conn):
            season = snapshot.choose_season(conn, season)
            as_of = snapshot.as_of_of(conn, season)
            gameweek = snapshot.choose_gameweek(conn, season, gameweek, as_of)
            name = pack_name(season, gameweek)
            folder = kept.enter_context(place.scratch(name))
            unfinished = _read(conn, place, folder, season=season, gameweek=gameweek, as_of=as_of)
        # The transaction is over: pictures take seconds and an upload minutes, in which the database could not clean up
        # old rows of any table.
        manifest = _finish(unfinished)
        is_new = place.manifest(name) != manifest.encoded() or not place.is_whole(name)
        if is_new:
            place.publish(name, folder, still_alone)
    return Packed(season, gameweek, place.address(name), manifest, is_new)


def _read(
    conn: Connection[Any], place: Place, folder: Path, *, season: str, gameweek: int, as_of: datetime
) -> Unfinished:
    """Read everything of a pack, and write what needs no further step: the tables and the documents."""
    params = {"season": season, "gameweek": gameweek}
    with open_database(folder / DATABASE, folder / SPILL) as database:
        tables = [load_view(conn, database, view, params, folder=folder) for view in PACKED]
        create_gameweek_views(database, tables, gameweek)
        contents = contents_of(database, tables)
        last_pack, revised = _compared(place, season, gameweek, as_of, contents)
        building = Building(folder, season, gameweek, as_of, tables, contents, last_pack, revised)
        rows = _write_tables(database, building)
    shutil.rmtree(folder / SPILL, ignore_errors=True)
    make_reproducible(folder / DATABASE)
    for path, writer in DOCUMENTS.items():
        (folder / path).write_bytes(writer(conn, building).encode())
    meanings = {view.name: meaning_of(conn, view) for view in PACKED}
    return Unfinished(building, rows, meanings, read_overview(conn, season, gameweek))


DOCUMENTS: Mapping[str, Callable[[Connection[Any], Building], str]] = {
    GUIDE: lambda _, pack: guide(pack.title, pack.as_of, pack.season, pack.gameweek),
    DICTIONARY: lambda conn, _: dictionary_of(conn, "fpl", without=NOT_IN_PACKS),
    DEFECTS: lambda conn, pack: defects(conn, pack.params, pack.last_pack, pack.revised),
}
"""Path -> the text of a document. A further document of the pack is one more entry."""


def _finish(unfinished: Unfinished) -> Manifest:
    """Draw the pictures, write the page with them, then the files about files, the manifest last."""
    pack, rows = unfinished.building, unfinished.rows
    folder = pack.folder
    write_page(folder, unfinished.overview, pack.as_of, [_linked(unfinished, table) for table in pack.tables])
    described = [packed_file(folder, path, rows.get(path.relative_to(folder).as_posix())) for path in files_in(folder)]
    (folder / DATA_PACKAGE).write_bytes(_data_package(unfinished, described))
    files = sorted([*described, packed_file(folder, folder / DATA_PACKAGE)], key=lambda file: file.path)
    manifest = Manifest(
        pack.season, pack.gameweek, pack.as_of.isoformat(), files, pack.contents, pack.last_pack, pack.revised
    )
    (folder / MANIFEST).write_bytes(manifest.encoded())
    return manifest


def _linked(unfinished: Unfinished, table: Table) -> TableFiles:
    """The CSV files of a table, for the page."""
    name = table.view.name
    of_season, of_gameweek = (f"{part}/{name}.csv" for part in (SEASON, GAMEWEEK))
    rows = unfinished.rows
    return TableFiles(
        view=name,
        meaning=unfinished.meanings[name],
        of_season=of_season,
        rows_of_season=rows[of_season],
        of_gameweek=of_gameweek if of_gameweek in rows else None,
        rows_of_gameweek=rows.get(of_gameweek),
    )


def _write_tables(database: duckdb.DuckDBPyConnection, building: Building) -> dict[str, int]:
    """Write each table as CSV and Parquet; return the rows of each file by path."""
    rows = {}
    for part in (SEASON, GAMEWEEK):
        (building.folder / part).mkdir()
    for table in building.tables:
        parts = {SEASON: ("true", table.rows)}
        if table.view.has_gameweek:
            condition = f"gameweek = {building.gameweek}"
            counted = database.execute(f"select count(*) from {GAMEWEEK}.{table.view.name}").fetchone()  # noqa: S608
            parts[GAMEWEEK] = (condition, int((counted or (0,))[0]))
        for part, (condition, count) in parts.items():
            for end, write in (("csv", write_csv), ("parquet", write_parquet)):
                path = f"{part}/{table.view.name}.{end}"
                write(database, table, building.folder / path, condition)
                rows[path] = count
    return rows


def _data_package(unfinished: Unfinished, files: Sequence[PackedFile]) -> bytes:
    pack = unfinished.building
    csvs = {f"{part}/{table.view.name}.csv": table for part in (SEASON, GAMEWEEK) for table in pack.tables}
    name = f"fpl-pulse-{pack.season}-gw{pack.gameweek:02d}"
    return data_package(
        title=pack.title,
        name=name,
        as_of=pack.as_of.isoformat(),
        files=files,
        tables=csvs,
        meanings=unfinished.meanings,
    )


def _compared(
    place: Place, season: str, gameweek: int, as_of: datetime, contents: Contents
) -> tuple[LastPack | None, Sequence[Revision]]:
    """What this pack is compared with, and what was revised since.

    The last pack is the stored one of the same gameweek, else that of the newest gameweek before. Over a pack of the
    same data, the comparison is the one that that pack had: otherwise a repeated write would differ.
    """
    for number in range(gameweek, 0, -1):
        name = pack_name(season, number)
        data = place.manifest(name)
        stored = Manifest.read(data, place.address(name)) if data else None
        if stored is None:
            continue
        if number == gameweek and stored.has_same_data(contents, as_of.isoformat()):
            return stored.last_pack, stored.revised
        compared = [view.name for view in PACKED if view.is_compared]
        return LastPack(stored.gameweek, stored.as_of), revisions_between(stored, contents, compared)
    return None, ()
