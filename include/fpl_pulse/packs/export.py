"""Writes one view as one file."""

import difflib
import os
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from psycopg import Connection

from fpl_pulse.errors import SelectionError
from fpl_pulse.packs import snapshot
from fpl_pulse.packs.database import load_view, open_database
from fpl_pulse.packs.disk import written_or_explained
from fpl_pulse.packs.formats import WRITERS
from fpl_pulse.packs.queries import query
from fpl_pulse.packs.scratch import scratch
from fpl_pulse.packs.views import VIEWS, View, condition_of
from fpl_pulse.store.connection import select_records

MOST_NAMED = 8


@dataclass(frozen=True)
class Wanted:
    """What to export."""

    view: str
    format: str = "csv"
    season: str | None = None
    """None for the current one."""
    gameweek: int | None = None
    """Rows of this gameweek only; None for all of the season."""
    player: str | None = None
    """Rows of this player only: FPL's code for life, or a name."""


@dataclass(frozen=True)
class Exported:
    """A file that was written."""

    rows: int
    bytes: int
    season: str


def export(conn: Connection[Any], wanted: Wanted, target: Path | BinaryIO) -> Exported:
    """Write the rows of a view to a file, which appears with all of them or not at all, or to a stream.

    Args:
        conn: the store, in autocommit mode.
        wanted: the view and its rows.
        target: the file; an existing one is replaced. Or a stream.

    Raises:
        SelectionError: there is no such view, format, season, gameweek or player.
        NotStoredYetError: the store is empty.
        PackNotWrittenError: the file, or the folder for temporary files, cannot be written; a file of before is
            unchanged.
    """
    view, writer = _view(wanted.view), WRITERS.get(wanted.format)
    if writer is None:
        raise SelectionError(f"There is no format {wanted.format[:40]!r}. Choose one of: {', '.join(WRITERS)}.")
    where = str(target) if isinstance(target, Path) else "the output"
    with scratch("export") as folder:
        written = folder / f"{view.name}.{wanted.format}"
        with snapshot.snapshot(conn), open_database(folder / "export.duckdb", folder / "spill") as database:
            season = snapshot.choose_season(conn, wanted.season)
            params, condition = _chosen(conn, view, wanted, season)
            table = load_view(conn, database, view, params, folder=folder, condition=condition)
            writer(database, table, written, "true")
        size = written.stat().st_size
        with written_or_explained(where, "name another file"):
            if isinstance(target, Path):
                _replace(written, target)
            else:
                with written.open("rb") as file:
                    shutil.copyfileobj(file, target, 1 << 20)
                target.flush()
    return Exported(table.rows, size, season)


def _view(name: str) -> View:
    if name not in VIEWS:
        near = difflib.get_close_matches(name, VIEWS, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise SelectionError(f"There is no view {name[:40]!r}.{hint} Choose one of: {', '.join(VIEWS)}.")
    return VIEWS[name]


def _chosen(conn: Connection[Any], view: View, wanted: Wanted, season: str) -> tuple[dict[str, object], str]:
    """The parameters and the condition for the wanted rows."""
    params: dict[str, object] = {"season": season}
    conditions = [condition_of(view, until_gameweek=False)]
    if wanted.gameweek is not None:
        _require_gameweek(conn, view, season, wanted.gameweek)
        params["gameweek"] = wanted.gameweek
        conditions.append("gameweek = %(gameweek)s")
    if wanted.player is not None:
        if "code" not in view.key:
            with_players = ", ".join(name for name, one in VIEWS.items() if "code" in one.key)
            raise SelectionError(f"The view {view.name} has no players. Views with players are: {with_players}.")
        params["code"] = player_code(conn, season, wanted.player)
        conditions.append("code = %(code)s")
    return params, " and ".join(conditions)


def _require_gameweek(conn: Connection[Any], view: View, season: str, gameweek: int) -> None:
    if not view.has_gameweek:
        having = ", ".join(name for name, one in VIEWS.items() if one.has_gameweek)
        raise SelectionError(f"The view {view.name} has no gameweeks. Views with gameweeks are: {having}.")
    known = conn.execute(
        "select min(gameweek), max(gameweek), coalesce(bool_or(gameweek = %s), false) from pulse.fpl_gameweeks"
        " where season = %s",
        (gameweek, season),
    ).fetchone()
    first, last, is_known = known or (None, None, False)
    if not is_known:
        raise SelectionError(f"Season {season} has no gameweek {gameweek}. It has gameweeks {first} to {last}.")


def player_code(conn: Connection[Any], season: str, text: str) -> int:
    """FPL's code of a player whom somebody names by code, by FPL's short name, or by a part of the whole name.

    Raises:
        SelectionError: nobody has the name or code, or several players have it.
    """
    wanted = " ".join(text.split())
    people = select_records(conn, query("candidates"), {"season": season})
    if wanted.isascii() and wanted.isdecimal():
        found = [one for one in people if one["code"] == int(wanted)]
    else:
        found = [one for one in people if _plain(one["player"]) == _plain(wanted)]
        found = found or [one for one in people if _plain(wanted) and _plain(wanted) in _plain(one["full_name"])]
    if len(found) == 1:
        return int(found[0]["code"])
    if found:
        several = _listed(found)
        raise SelectionError(
            f"{wanted[:40]!r} can be several players: {several}. Name one by the number: PLAYER={found[0]['code']}."
        )
    names = {_plain(one["player"]): one for one in people}
    near = [names[name] for name in difflib.get_close_matches(_plain(wanted), names, 3)]
    hint = f" Similar names: {_listed(near)}." if near else " The view players lists all."
    raise SelectionError(f"Season {season} has no player {wanted[:40]!r}.{hint}")


def _plain(text: str) -> str:
    """A name without case and accents."""
    from anyascii import anyascii  # noqa: PLC0415 - a large table, which most exports do not need

    return str(anyascii(text)).casefold()


def _listed(people: Sequence[dict[str, Any]]) -> str:
    shown = [f"{one['full_name']} ({one['team']}, {one['code']})" for one in people[:MOST_NAMED]]
    more = len(people) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _replace(written: Path, target: Path) -> None:
    """Put a file into its place by one rename on the disk of the place."""
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.draft")
    try:
        shutil.copyfile(written, draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
