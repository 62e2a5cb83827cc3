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
    """A pack while it is built: what the writers of its files work with."""

    conn: Connection[Any]
    """The store, in a transaction that sees one state of all tables."""
    folder: Path
    season: str
    gameweek: int
    as_of: datetime
    database: duckdb.DuckDBPyConnection
    tables: Sequence[Table]
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
            manifest = _build(conn, place, folder, season=season, gameweek=gameweek, as_of=as_of)
        # The transaction is over: an upload takes minutes, in which old rows of all tables could not be cleaned up.
        is_new = place.manifest(name) != manifest.encoded() or not place.is_whole(name)
        if is_new:
            place.publish(name, folder, still_alone)
    return Packed(season, gameweek, place.address(name), manifest, is_new)


def _build(
    conn: Connection[Any], place: Place, folder: Path, *, season: str, gameweek: int, as_of: datetime
) -> Manifest:
    """Write all files of a pack into a folder, the manifest last."""
    params = {"season": season, "gameweek": gameweek}
    with open_database(folder / DATABASE, folder / SPILL) as database:
        tables = [load_view(conn, database, view, params, folder=folder) for view in PACKED]
        create_gameweek_views(database, tables, gameweek)
        contents = contents_of(database, tables)
        last_pack, revised = _compared(place, season, gameweek, as_of, contents)
        building = Building(conn, folder, season, gameweek, as_of, database, tables, last_pack, revised)
        rows = _write_tables(building)
    shutil.rmtree(folder / SPILL, ignore_errors=True)
    make_reproducible(folder / DATABASE)
    for path, writer in PAGES.items():
        (folder / path).write_bytes(writer(building).encode())
    described = [packed_file(folder, path, rows.get(path.relative_to(folder).as_posix())) for path in files_in(folder)]
    (folder / DATA_PACKAGE).write_bytes(_data_package(building, described))
    files = sorted([*described, packed_file(folder, folder / DATA_PACKAGE)], key=lambda file: file.path)
    manifest = Manifest(season, gameweek, as_of.isoformat(), files, contents, last_pack, revised)
    (folder / MANIFEST).write_bytes(manifest.encoded())
    return manifest


PAGES: Mapping[str, Callable[[Building], str]] = {
    GUIDE: lambda pack: guide(pack.title, pack.as_of, pack.season, pack.gameweek),
    DICTIONARY: lambda pack: dictionary_of(pack.conn, "fpl", without=NOT_IN_PACKS),
    DEFECTS: lambda pack: defects(pack.conn, pack.params, pack.last_pack, pack.revised),
}
"""Path -> the text of a page. A further page of the pack is one more entry."""


def _write_tables(building: Building) -> dict[str, int]:
    """Write each table as CSV and Parquet; return the rows of each file by path."""
    rows = {}
    for part in (SEASON, GAMEWEEK):
        (building.folder / part).mkdir()
    for table in building.tables:
        parts = {SEASON: ("true", table.rows)}
        if table.view.has_gameweek:
            condition = f"gameweek = {building.gameweek}"
            counted = building.database.execute(f"select count(*) from {GAMEWEEK}.{table.view.name}").fetchone()  # noqa: S608
            parts[GAMEWEEK] = (condition, int((counted or (0,))[0]))
        for part, (condition, count) in parts.items():
            for end, write in (("csv", write_csv), ("parquet", write_parquet)):
                path = f"{part}/{table.view.name}.{end}"
                write(building.database, table, building.folder / path, condition)
                rows[path] = count
    return rows


def _data_package(building: Building, files: Sequence[PackedFile]) -> bytes:
    csvs = {f"{part}/{table.view.name}.csv": table for part in (SEASON, GAMEWEEK) for table in building.tables}
    meanings = {table.view.name: meaning_of(building.conn, table.view) for table in building.tables}
    name = f"fpl-pulse-{building.season}-gw{building.gameweek:02d}"
    return data_package(
        title=building.title, name=name, as_of=building.as_of.isoformat(), files=files, tables=csvs, meanings=meanings
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
