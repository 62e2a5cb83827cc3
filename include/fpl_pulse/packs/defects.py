"""`defects.md`: what is missing, doubtful, in review, or revised since the last pack, in plain language."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from psycopg import Connection

from fpl_pulse.etl.thresholds import SETTLING_TIME
from fpl_pulse.packs.manifest import LastPack, Revision
from fpl_pulse.packs.queries import query
from fpl_pulse.packs.words import plain, table
from fpl_pulse.store.connection import select_records
from fpl_pulse.wording import quantity

DEFECTS = "defects.md"

LISTED = 50
"""How many rows a table of this page has."""

REVISED = """
    select changed_at, source, match, player, figure, old_value::text as old_value,
           new_value::text as new_value
    from fpl.corrections
    where season = %(season)s and (gameweek <= %(gameweek)s or gameweek is null)
      and changed_at > %(since)s and changed_at <= %(as_of)s
    order by changed_at desc, match collate "C", player collate "C", figure collate "C", sofasport_player_id, code
"""


def defects(
    conn: Connection[Any], params: Mapping[str, Any], last_pack: LastPack | None, revised: Sequence[Revision]
) -> str:
    """The page as Markdown.

    Args:
        conn: the store, in the transaction of the pack.
        params: `season`, `gameweek` and `as_of`, the as-of time of the data.
        last_pack: the pack before this one; None when there is none.
        revised: what has changed since then.
    """
    params = {**params, "settles_at": params["as_of"] - SETTLING_TIME}
    lines = [
        f"# What to know about the data of gameweek {params['gameweek']}, season {params['season']}",
        "",
        f"The data is that of {params['as_of']:%Y-%m-%d %H:%M} UTC. Tables with gameweeks end with gameweek"
        f" {params['gameweek']}.",
    ]
    for section in (_missing, _not_loaded, _differing, _in_review):
        lines += ["", *section(conn, params)]
    return "\n".join([*lines, "", *_revised(conn, params, last_pack, revised)]) + "\n"


def _missing(conn: Connection[Any], params: Mapping[str, Any]) -> Iterator[str]:
    """Of what the tables should hold."""
    yield "## Missing\n"
    rows = select_records(conn, query("missing"), params)
    if not rows:
        yield "Nothing: every played match of these gameweeks has all its data."
        return
    yield "What should be there and is not. *May come* marks matches that are younger than two days, and clubs without"
    yield "a link yet.\n"
    cells = [
        (
            row["gameweek"] or "none", row["what"], f"{row['have']:,} of {row['want']:,}",
            "may come" if row["is_expected"] else "missing", ", ".join(map(str, row["names"] or ())),
        )
        for row in rows
    ]  # fmt: skip
    yield from table(("gameweek", "data", "there", "state", "for example"), cells, LISTED)


def _not_loaded(conn: Connection[Any], params: Mapping[str, Any]) -> Iterator[str]:
    yield "## Not loaded\n"
    waiting, rejected = (select_records(conn, query(name), params) for name in ("waiting", "rejected"))
    for row in waiting:
        yield f"- {quantity(row['responses'], 'response')} of `{row['endpoint']}` arrived and wait for the next load."
    if not rejected:
        yield "No record of the season was rejected."
        return
    count = quantity(sum(row["records"] for row in rejected), "record")
    yield f"{count} of the sources could not be true or could not be read:\n"
    cells = [(row["endpoint"], row["records"], row["reason"], row["newest"], row["example"]) for row in rejected]
    yield from table(("endpoint", "records", "reason", "newest", "for example"), cells, LISTED)


def _differing(conn: Connection[Any], params: Mapping[str, Any]) -> Iterator[str]:
    yield "## Doubtful: the sources differ\n"
    rows = select_records(conn, query("differences"), params)
    if not rows:
        yield "FPL and SofaSport agree on the minutes, goals and cards that both have."
        return
    yield "The tables show both figures, FPL's without a prefix and SofaSport's with `sofasport_`.\n"
    cells = [
        (
            row["gameweek"] or "season", row["match"], row["player"], row["figure"].replace("_", " "),
            row["fpl_value"], row["sofasport_value"],
        )
        for row in rows
    ]  # fmt: skip
    yield from table(("gameweek", "match", "player", "figure", "FPL", "SofaSport"), cells, LISTED)


def _in_review(conn: Connection[Any], params: Mapping[str, Any]) -> Iterator[str]:
    yield "## In review\n"
    statement = (
        "select kind, sofasport_name, fpl_name, team, confidence, evidence::text as evidence from fpl.review_queue"
        " where season = %(season)s order by kind, confidence desc nulls last, sofasport_id, fpl_id"
    )
    rows = select_records(conn, statement, params)
    lost = select_records(conn, query("lost_links"), params)
    if not rows and not lost:
        yield "Nothing: no link between the sources is doubtful."
    if rows:
        yield "These may be the same, which is not certain. Until it is decided they are not linked: SofaSport's"
        yield "figures of such a player are empty.\n"
        cells = [
            tuple(row[name] for name in ("kind", "sofasport_name", "fpl_name", "team", "evidence")) for row in rows
        ]
        yield from table(("kind", "SofaSport", "FPL", "club", "evidence"), cells, LISTED)
    for row in lost[:LISTED]:
        yield (
            f"- {plain(row['sofasport_name'])} and {plain(row['fpl_name'])} are not linked any more since"
            f" {plain(row['lost_at'])} UTC: {plain(row['evidence'])}."
        )


def _revised(
    conn: Connection[Any], params: Mapping[str, Any], last_pack: LastPack | None, revised: Sequence[Revision]
) -> Iterator[str]:
    yield "## Revised since the last pack\n"
    if last_pack is None:
        yield "There is no earlier pack of this season to compare with. The view `corrections` has all corrections."
        return
    as_of = last_pack.as_of[:16].replace("T", " ")
    yield f"The last pack is that of gameweek {last_pack.gameweek}, with the data of {as_of} UTC.\n"
    if not revised:
        yield "No row of its gameweeks has changed."
    else:
        cells = [(one.view, one.gameweek, f"{one.rows_before:,}", f"{one.rows:,}") for one in revised]
        yield "Rows of these gameweeks have changed:\n"
        yield from table(("view", "gameweek", "rows before", "rows now"), cells, LISTED)
    rows = select_records(conn, REVISED, {**params, "since": last_pack.as_of})
    if rows:
        yield "\nFigures that a source has corrected in this time:\n"
        head = ("changed_at", "source", "match", "player", "figure", "old_value", "new_value")
        cells_of_figures = [tuple(row[name] for name in head) for row in rows]
        yield from table(
            ("when (UTC)", "source", "match", "player", "figure", "before", "now"), cells_of_figures, LISTED
        )
