"""What FPL publishes: gameweeks, clubs, players, fixtures, and the official figures of each player and fixture."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from psycopg import sql

from fpl_pulse.api import fpl
from fpl_pulse.api.payloads_fpl import Element, Fixture, FplTeam, Gameweek, LiveElement
from fpl_pulse.api.records import Model, Rejected, accept_nearly_all, require_list
from fpl_pulse.errors import IF_REPEATED, PayloadError
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.loader import Loader, Parsed, Reader
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.reference_rows import fixture_row, gameweek_row, official_row, player_row, team_row
from fpl_pulse.season import Season, season_of_deadline
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.merge import Written, merge

log = logging.getLogger(__name__)


def fetch_fpl_reference(context: StepContext) -> dict[str, int]:
    """Read and load FPL's reference data and official figures; return {"players", "fixtures"}: how many are stored."""
    context.fetch(fpl.bootstrap(), "FPL reference")
    load_bootstrap(context)
    refresh_fpl_results(context)
    counts = context.records(query("fpl_counts"), season=context.season())[0]
    log.info("FPL: %(players)d players, %(fixtures)d fixtures", counts)
    return dict(counts)


def refresh_fpl_results(context: StepContext) -> None:
    """Read the fixtures, and the official figures of gameweeks in which a fixture changed."""
    season = context.season()
    context.fetch(fpl.fixtures(season), "FPL results")
    FIXTURES.load(context)
    due = [row["gameweek"] for row in context.records(query("due_live_gameweeks"), season=season)]
    context.fetch_all((fpl.live(season, gameweek) for gameweek in due), "official figures")
    _load_official_figures(context)
    log.info("Official figures of gameweeks %s read", due or "none")


def load_bootstrap(context: StepContext) -> None:
    """Load the archived gameweeks, clubs and players that the tables do not hold yet."""
    BOOTSTRAP.load(context)


def load_fpl_results(context: StepContext) -> None:
    """Load the archived fixtures and official figures that the tables do not hold yet."""
    FIXTURES.load(context)
    _load_official_figures(context)


def _load_official_figures(context: StepContext) -> None:
    # A player can appear before bootstrap-static lists him: his rejected records are read once more.
    context.conn.execute(query("load_rejected_live_again"), {"season": context.season()})
    LIVE.load(context)


def _accept(
    model: type[Model], records: object, path: str, *unique: str
) -> tuple[list[tuple[Any, Model]], list[Rejected]]:
    """The records of a list of FPL's, nearly all of which must fit."""
    return accept_nearly_all(model, records, path, max_rejected_share=thresholds.MAX_REJECTED_SHARE, unique=unique)


Row = dict[str, object]


@dataclass(frozen=True)
class Bootstrap:
    """What is written of bootstrap-static: the rows of three tables."""

    season: Season
    gameweeks: list[Row]
    teams: list[Row]
    players: list[Row]


def _read_bootstrap(_: StepContext, response: ArchivedResponse) -> Parsed[Bootstrap]:
    body = response.body
    gameweeks, bad_gameweeks = _accept(Gameweek, require_list(body, "events", fpl.BOOTSTRAP), "events", "id")
    teams, bad_teams = _accept(FplTeam, require_list(body, "teams", fpl.BOOTSTRAP), "teams", "id", "code")
    elements, bad_elements = _accept(Element, require_list(body, "elements", fpl.BOOTSTRAP), "elements", "id", "code")
    if not gameweeks or not teams:
        raise PayloadError(f"{fpl.BOOTSTRAP}: no usable gameweeks or teams; is FPL between two seasons?")
    known = {model.code for _, model in teams}
    of_no_club = [
        Rejected(f"elements.{model.id}", f"team_code {model.team_code} is no club of the season", record)
        for record, model in elements
        if model.team_code not in known
    ]
    season = season_of_deadline(min(model.deadline_time for _, model in gameweeks).date())
    content = Bootstrap(
        season,
        [gameweek_row(season, model) for _, model in gameweeks],
        [team_row(season, record, model) for record, model in teams],
        [
            player_row(season, record, model, added_at=response.as_of)
            for record, model in elements
            if model.team_code in known
        ],
    )
    return Parsed(content, [*bad_gameweeks, *bad_teams, *bad_elements, *of_no_club])


def _write_bootstrap(context: StepContext, contents: list[Bootstrap]) -> Written:
    written = Written()
    conn = context.conn
    for content in contents:
        before = _code_of(context, "fpl_players", "element_id", content.season)
        written += merge(conn, "fpl_gameweeks", content.gameweeks, ["season", "gameweek"])
        written += merge(conn, "fpl_teams", content.teams, ["season", "team_id"])
        written += merge(conn, "fpl_players", content.players, ["season", "element_id"])
        now = {row["element_id"]: row["code"] for row in content.players}
        # A code that another player has now was not replaced.
        changed = {
            code: now[element] for element, code in before.items() if element in now and code not in now.values()
        }
        if changed:
            log.info("FPL replaced the codes of %d players; their links and decisions follow", len(changed))
            codes = {"old": list(changed), "new": list(changed.values())}
            conn.execute(query("follow_changed_codes"), {"season": content.season, **codes})
    return written


def _code_of(context: StepContext, table: str, key: str, season: str) -> dict[int, int]:
    """FPL's number in the season -> lasting code, of the stored clubs, players or fixtures."""
    names = {"key": sql.Identifier(key), "table": sql.Identifier("pulse", table)}
    statement = sql.SQL("select {key}, code from {table} where season = %s").format(**names)
    return dict(context.conn.execute(statement, (season,)).fetchall())


def _read_fixtures(context: StepContext, response: ArchivedResponse) -> Parsed[list[Row]]:
    season = str(response.params["season"])
    if not isinstance(response.body, list):
        raise PayloadError(f"{fpl.FIXTURES}: expected a list. {IF_REPEATED}")
    fixtures, rejected = _accept(Fixture, response.body, "fixtures", "id", "code")
    code_of = _code_of(context, "fpl_teams", "team_id", season)
    _require_same_season(context, season, fixtures)
    rows = []
    for record, model in fixtures:
        if model.team_h in code_of and model.team_a in code_of:
            rows.append(fixture_row(season, record, model, code_of))
        else:
            reason = "team_h or team_a is no club of the season"
            rejected.append(Rejected(f"fixtures.{model.id}", reason, record))
    return Parsed(rows, rejected)


def _require_same_season(context: StepContext, season: str, fixtures: list[tuple[Any, Fixture]]) -> None:
    """Refuse fixtures whose lasting codes are not those that are stored: FPL has begun another season.

    The ids of fixtures and clubs fit every season, so nothing else would notice.
    """
    code_of = _code_of(context, "fpl_fixtures", "fixture_id", season)
    strange = [model.id for _, model in fixtures if code_of.get(model.id, model.code) != model.code]
    if len(strange) > len(fixtures) / 2:
        raise PayloadError(
            f"{len(strange)} of {len(fixtures)} fixtures are not those of {season}: FPL has begun another season. Run"
            " update_fixture_mappings, then clear this run"
        )


def _write_fixtures(context: StepContext, responses: list[list[Row]]) -> Written:
    return merge(context.conn, "fpl_fixtures", [*chain(*responses)], ["season", "fixture_id"])


@dataclass(frozen=True)
class Known:
    """What official figures can be about."""

    code_of: dict[int, int]
    """FPL's number of a player in the season -> lasting code."""
    fixtures: Collection[int]


def _read_live(context: StepContext, response: ArchivedResponse) -> Parsed[list[Row]]:
    return _make_live_reader(context, [response])(response)


def _make_live_reader(context: StepContext, _: Sequence[ArchivedResponse]) -> Reader[list[Row]]:
    """Read the stored players and fixtures once for a batch."""

    @cache
    def known_in(season: str) -> Known:
        players = _code_of(context, "fpl_players", "element_id", season)
        return Known(players, _code_of(context, "fpl_fixtures", "fixture_id", season).keys())

    return lambda response: _read_figures(response, known_in(str(response.params["season"])))


def _read_figures(response: ArchivedResponse, known: Known) -> Parsed[list[Row]]:
    season, gameweek = str(response.params["season"]), int(response.params["gw"])
    where = f"{fpl.LIVE} {response.resource}"
    elements, rejected = _accept(LiveElement, require_list(response.body, "elements", where), "elements", "id")
    rows: list[Row] = []
    for record, model in elements:
        if model.id not in known.code_of:
            rejected.append(Rejected(f"elements.{model.id}", "an element that bootstrap-static lacks", record))
            continue
        blocks = [block for block in model.explain if block.fixture in known.fixtures]
        for block in blocks:
            row = official_row(model, block, is_only_fixture=len(blocks) == 1)
            rows.append({"season": season, "gameweek": gameweek, "fpl_code": known.code_of[model.id], **row})
    return Parsed(rows, rejected)


def _write_live(context: StepContext, responses: list[list[Row]]) -> Written:
    key = ("season", "fixture_id", "element_id")
    # A fixture that was moved can be in the responses of two gameweeks: the newer response counts.
    rows = {tuple([row[name] for name in key]): row for row in chain(*responses)}
    return merge(context.conn, "fpl_player_fixtures", list(rows.values()), key)


BOOTSTRAP = Loader(fpl.BOOTSTRAP, "FPL gameweeks, clubs and players", _read_bootstrap, _write_bootstrap)
FIXTURES = Loader(fpl.FIXTURES, "FPL fixtures", _read_fixtures, _write_fixtures)
LIVE = Loader(fpl.LIVE, "official figures", _read_live, _write_live, batch_size=5, make_reader=_make_live_reader)
