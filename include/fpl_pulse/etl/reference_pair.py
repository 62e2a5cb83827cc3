"""FPL's reference data: `bootstrap-static` and `fixtures/`, accepted together or not at all.

Each of them fits every season, since FPL numbers clubs, players and fixtures anew each summer. Only both together say
which season they are about (`season_resolver.py`).
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg import DataError, IntegrityError

from fpl_pulse.api import fpl
from fpl_pulse.api.payloads_fpl import Element, Fixture, FplTeam, Gameweek
from fpl_pulse.api.records import Model, Rejected, accept, accept_nearly_all, require_list
from fpl_pulse.errors import IF_REPEATED, PayloadError
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.checking import listed
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.fixture_checks import check_fixtures
from fpl_pulse.etl.gameweek_checks import require_recent, without_strange
from fpl_pulse.etl.key_census import count_records
from fpl_pulse.etl.loader import reject_response
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.reference_checks import (
    OTHER_NAMES,
    StoredClub,
    StoredFixture,
    StoredPlayer,
    StoredSeason,
    check_players,
    codes_of_clubs,
    other_names,
)
from fpl_pulse.etl.reference_rows import (
    FIXTURE_COLUMNS,
    GAMEWEEKS,
    PLAYERS,
    TEAMS,
    fixture_row,
    gameweek_row,
    player_row,
    team_row,
)
from fpl_pulse.etl.repetition import is_repeated
from fpl_pulse.etl.season_resolver import Claim, Known, resolve, season_of_most
from fpl_pulse.etl.unstated import Columns, Stated, keep_unstated
from fpl_pulse.season import Season
from fpl_pulse.store import archive
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.connection import scalar, select_records
from fpl_pulse.store.merge import Written, merge

log = logging.getLogger(__name__)

Row = dict[str, object]
WHAT = "FPL gameweeks, clubs, players and fixtures"
AGAIN = "Nothing of bootstrap-static and fixtures/ is stored; the next run requests both again"


def claimed_season(bootstrap: object) -> Season | None:
    """The season of most deadlines of bootstrap-static; None when it has none."""
    events = bootstrap.get("events") if isinstance(bootstrap, dict) else None
    gameweeks, _ = accept(Gameweek, events, "events")
    return season_of_most(model.deadline_time for _, model in gameweeks)


def load_reference(context: StepContext) -> None:
    """Load the newest archived pair, if the tables do not hold it yet.

    Raises:
        PayloadError: the pair was refused. Both responses are requested again by the next run.
    """
    pair = _waiting_pair(context)
    if pair is None:
        return
    bootstrap, fixtures = pair
    try:
        if fixtures is None:
            raise PayloadError(f"{fpl.BOOTSTRAP}: no usable gameweeks or teams; is FPL between two seasons?")
        content = _read(context, bootstrap, fixtures)
        written = _store(context, content, bootstrap, fixtures)
    except (PayloadError, DataError, IntegrityError) as error:
        refused = [response for response in pair if response]
        sentences = [reject_response(context, WHAT, response, error) for response in refused]
        raise PayloadError(f"{sentences[0]}. {AGAIN}. See `FPL's response was refused` in docs/runbook.md") from error
    context.record_written(f"{WHAT}, 2 responses", written)


Pair = tuple[ArchivedResponse, ArchivedResponse | None]
"""bootstrap-static and fixtures/. None: the bootstrap does not say for which season they would be."""


def _waiting_pair(context: StepContext) -> Pair | None:
    """The newest bootstrap and the newest fixtures of its season, if the tables do not hold one of them."""
    if not scalar(context.conn, query("is_reference_waiting")):
        return None
    bootstrap, is_new = _newest(context, fpl.BOOTSTRAP, None)
    if bootstrap is None:
        return None
    season = claimed_season(bootstrap.body) or context.current_season()
    if season is None:
        return (bootstrap, None) if is_new else None
    fixtures, are_new = _newest(context, fpl.FIXTURES, season)
    # Without fixtures of the season, the bootstrap waits for them.
    return (bootstrap, fixtures) if fixtures and (is_new or are_new) else None


def _newest(context: StepContext, endpoint: str, season: str | None) -> tuple[ArchivedResponse | None, bool]:
    """The newest response, and whether the tables do not hold it yet."""
    wanted = {"endpoint": endpoint, "of_season": season}
    rows = select_records(context.conn, query("reference_response"), wanted)
    if not rows:
        return None, False
    is_waiting = rows[0].pop("is_waiting")
    return ArchivedResponse(**rows[0]), is_waiting


@dataclass(frozen=True)
class Reference:
    """What is written of a pair."""

    season: Season
    is_new_season: bool
    gameweeks: list[Row]
    teams: list[Row]
    players: list[Row]
    fixtures: list[Row]
    changed_codes: dict[int, int]
    """Codes that FPL has replaced: old -> new."""
    live_again: list[int]
    """Gameweeks with a fixture that has moved or has other figures."""
    rejected_of_bootstrap: list[Rejected] = field(default_factory=list)
    rejected_of_fixtures: list[Rejected] = field(default_factory=list)


def _accept(
    model: type[Model], records: object, path: str, *unique: str
) -> tuple[list[tuple[Any, Model]], list[Rejected]]:
    """The records of a list of FPL's, nearly all of which must fit."""
    return accept_nearly_all(model, records, path, max_rejected_share=thresholds.MAX_REJECTED_SHARE, unique=unique)


def _read(context: StepContext, bootstrap: ArchivedResponse, response: ArchivedResponse) -> Reference:
    """Read a pair; raises PayloadError when it is not one of the present season."""
    body = bootstrap.body
    gameweeks, bad_gameweeks = _accept(Gameweek, require_list(body, "events", fpl.BOOTSTRAP), "events", "id")
    teams, bad_teams = _accept(FplTeam, require_list(body, "teams", fpl.BOOTSTRAP), "teams", "id", "code")
    elements, bad_elements = _accept(Element, require_list(body, "elements", fpl.BOOTSTRAP), "elements", "id", "code")
    if not isinstance(response.body, list):
        raise PayloadError(f"{fpl.FIXTURES}: expected a list. {IF_REPEATED}")
    fixtures, bad_fixtures = _accept(Fixture, response.body, "fixtures", "id", "code")
    if not gameweeks or not teams:
        raise PayloadError(f"{fpl.BOOTSTRAP}: no usable gameweeks or teams; is FPL between two seasons?")
    nameless = [str(model.code) for _, model in teams if not (model.name and model.short_name)]
    if nameless and context.current_season() is None:
        raise PayloadError(f"{fpl.BOOTSTRAP}: clubs without name or short_name: {listed(nameless)}")
    deadlines = {model.id: model.deadline_time for _, model in gameweeks}
    claim = Claim(
        deadlines,
        [model.kickoff_time for _, model in fixtures if model.kickoff_time],
        {model.id: model.code for _, model in fixtures},
        {model.id: model.code for _, model in teams},
    )
    current = context.current_season()
    before = _stored(context, current) if current else EMPTY
    season = resolve(claim, _known(current, before), context.as_of)
    is_new_season = season != current
    stored = EMPTY if is_new_season else before

    good_gameweeks, strange = without_strange(gameweeks, fixtures, season, stored.finished)
    current_gameweek = max((model.id for _, model in gameweeks if model.is_current), default=None)
    require_recent(current_gameweek, {model.id: model.deadline_time for _, model in good_gameweeks}, context.as_of)
    club_codes = codes_of_clubs([model for _, model in teams], [model for _, model in elements], stored.clubs)
    names = other_names([model for _, model in elements], stored.players)
    if names and not is_repeated(context, bootstrap.resource_id, OTHER_NAMES):
        raise PayloadError(f"{names}. These are other people")
    players, strangers = check_players(elements, stored.players, club_codes)
    good_fixtures, odd = check_fixtures(
        fixtures, season, stored, club_codes=club_codes, deadlines=deadlines, as_of=context.as_of
    )
    rejected_of_bootstrap = [*bad_gameweeks, *strange, *bad_teams, *bad_elements, *strangers]
    rejected_of_fixtures = [*bad_fixtures, *odd]

    def rows(columns: Columns, stated: list[Stated], rejected: list[Rejected]) -> list[Row]:
        rejected += keep_unstated(context, season, columns, stated)
        return [one.row for one in stated]

    gameweek_rows = [Stated(gameweek_row(season, model), record) for record, model in good_gameweeks]
    team_rows = [Stated(team_row(season, record, model), record) for record, model in teams]
    player_rows = [
        Stated(player_row(season, record, model, added_at=bootstrap.as_of), record) for record, model in players
    ]
    fixture_rows = [Stated(fixture_row(season, record, model, club_codes), record) for record, model in good_fixtures]
    changed = {
        stored.players[model.id].code: model.code
        for _, model in players
        if model.id in stored.players and stored.players[model.id].code != model.code
    }
    return Reference(
        season,
        is_new_season,
        rows(GAMEWEEKS, gameweek_rows, rejected_of_bootstrap),
        rows(TEAMS, team_rows, rejected_of_bootstrap),
        rows(PLAYERS, player_rows, rejected_of_bootstrap),
        rows(FIXTURE_COLUMNS, fixture_rows, rejected_of_fixtures),
        changed,
        _gameweeks_to_load_again(good_fixtures, stored),
        rejected_of_bootstrap,
        rejected_of_fixtures,
    )


EMPTY = StoredSeason({}, {}, {}, frozenset())


def _stored(context: StepContext, season: Season) -> StoredSeason:
    clubs = context.rows(StoredClub, query("stored_clubs"), season=season)
    players = context.rows(StoredPlayer, query("stored_players"), season=season)
    fixtures = context.rows(StoredFixture, query("stored_fixtures"), season=season)
    finished = context.records(
        "select gameweek from pulse.fpl_gameweeks where season = %(season)s and finished", season=season
    )
    return StoredSeason(
        {club.team_id: club for club in clubs},
        {player.element_id: player for player in players},
        {fixture.fixture_id: fixture for fixture in fixtures},
        frozenset(row["gameweek"] for row in finished),
    )


def _known(season: Season | None, stored: StoredSeason) -> Known | None:
    if season is None:
        return None
    fixtures = {fixture.fixture_id: fixture.code for fixture in stored.fixtures.values()}
    return Known(season, fixtures, {club.team_id: club.code for club in stored.clubs.values()})


def _gameweeks_to_load_again(fixtures: Sequence[tuple[Any, Fixture]], stored: StoredSeason) -> list[int]:
    found: set[int | None] = set()
    for record, model in fixtures:
        known = stored.fixtures.get(model.id)
        if known and (known.gameweek != model.event or known.stats != record.get("stats")):
            found |= {known.gameweek, model.event}
    return sorted(gameweek for gameweek in found if gameweek is not None)


def _store(
    context: StepContext, content: Reference, bootstrap: ArchivedResponse, fixtures: ArchivedResponse
) -> Written:
    """Write the pair in one transaction."""
    conn, season = context.conn, content.season
    with conn.transaction():
        written = Written()
        if content.is_new_season:
            log.info("The season is %s", season)
            row = {"season": season, "observed_at": context.as_of}
            written += merge(conn, "fpl_seasons", [row], ["season"])
        written += merge(conn, "fpl_gameweeks", content.gameweeks, ["season", "gameweek"])
        written += merge(conn, "fpl_teams", content.teams, ["season", "team_id"])
        written += merge(conn, "fpl_players", content.players, ["season", "element_id"])
        if content.changed_codes:
            log.info("FPL replaced the codes of %d players; links and decisions follow", len(content.changed_codes))
            codes = {"old": [*content.changed_codes], "new": [*content.changed_codes.values()]}
            conn.execute(query("follow_changed_codes"), {"season": season, **codes})
        written += merge(conn, "fpl_fixtures", content.fixtures, ["season", "fixture_id"])
        if content.live_again:
            conn.execute(query("load_live_again"), {"season": season, "gameweeks": content.live_again})
        for path in ("events", "teams", "elements"):
            count_records(context, fpl.BOOTSTRAP, season, path, bootstrap.body[path])
        count_records(context, fpl.FIXTURES, season, "fixtures", fixtures.body)
        written += _withdraw(context, content)
        archive.mark_loaded(conn, [bootstrap.response_id, fixtures.response_id])
        context.record_rejections(
            [(bootstrap, content.rejected_of_bootstrap), (fixtures, content.rejected_of_fixtures)]
        )
    return written


def _withdraw(context: StepContext, content: Reference) -> Written:
    """Delete what FPL no longer lists, if every record of the response was accepted."""
    if any(not one.is_part for one in content.rejected_of_bootstrap):
        return Written()
    listed = {
        "gameweeks": [row["gameweek"] for row in content.gameweeks],
        "elements": [row["element_id"] for row in content.players],
    }
    wanted = {"season": content.season, "as_of": context.as_of, **listed}
    return Written(deleted=int(scalar(context.conn, query("withdraw_reference"), wanted)))
