"""FPL's reference data as rows, after comparison with the stored season. Nothing is written here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fpl_pulse.api import fpl
from fpl_pulse.api.payloads_fpl import Element, Fixture, FplTeam, Gameweek
from fpl_pulse.api.records import Model, Rejected, accept_nearly_all, require_list
from fpl_pulse.errors import IF_REPEATED, PayloadError
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.checking import listed
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.fixture_checks import check_fixtures
from fpl_pulse.etl.gameweek_checks import require_recent, without_strange
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.reference_checks import (
    StoredClub,
    StoredFixture,
    StoredPlayer,
    StoredSeason,
    check_players,
    codes_of_clubs,
    other_people,
)
from fpl_pulse.etl.reference_rows import (
    FIXTURE_COLUMNS,
    GAMEWEEKS,
    PLAYERS,
    STATES,
    TEAMS,
    fixture_row,
    gameweek_row,
    player_row,
    team_row,
)
from fpl_pulse.etl.repetition import is_repeated
from fpl_pulse.etl.season_resolver import Claim, Known, resolve
from fpl_pulse.etl.unstated import Columns, Stated, keep_unstated
from fpl_pulse.season import Season
from fpl_pulse.store.archive import ArchivedResponse

Row = dict[str, object]


@dataclass
class Reference:
    """What is written of a pair."""

    season: Season
    gameweeks: list[Row]
    teams: list[Row]
    players: list[Row]
    fixtures: list[Row]
    rejected_of_bootstrap: list[Rejected]
    rejected_of_fixtures: list[Rejected]
    is_new_season: bool = False
    changed_codes: dict[int, int] = field(default_factory=dict)
    """Codes that FPL has replaced: old -> new."""
    live_again: list[int] = field(default_factory=list)
    """Gameweeks with a fixture that has moved or has other figures."""


def _accept(
    model: type[Model], records: object, path: str, *unique: str
) -> tuple[list[tuple[Any, Model]], list[Rejected]]:
    """The records of a list of FPL's, nearly all of which must fit."""
    return accept_nearly_all(model, records, path, max_rejected_share=thresholds.MAX_REJECTED_SHARE, unique=unique)


def read_reference(context: StepContext, bootstrap: ArchivedResponse, response: ArchivedResponse) -> Reference:
    """Read a pair.

    Raises:
        PayloadError: it is not one of the present season, or too much of it does not fit.
    """
    lists = _Lists.of(bootstrap, response)
    current = context.current_season()
    _require_names(lists.teams, current)
    before = _stored(context, current) if current else EMPTY
    season = resolve(lists.claim(), _known(current, before), context.as_of)
    stored = before if season == current else EMPTY
    elements = [model for _, model in lists.elements]
    club_codes = codes_of_clubs([model for _, model in lists.teams], elements, stored.clubs)
    others = other_people(elements, stored.players)
    if others and not is_repeated(context, bootstrap.resource_id, others.what):
        raise PayloadError(f"{others.sentence}. These are other people")
    lists.compare(season, stored, club_codes, context.as_of)
    found = _as_rows(context, season, lists, club_codes, (bootstrap, response))
    found.is_new_season = season != current
    found.changed_codes = {
        stored.players[model.id].code: model.code
        for _, model in lists.elements
        if model.id in stored.players and stored.players[model.id].code != model.code
    }
    found.live_again = _gameweeks_to_load_again(lists.fixtures, stored)
    return found


def _as_rows(
    context: StepContext,
    season: Season,
    lists: "_Lists",
    club_codes: Mapping[int, int],
    pair: tuple[ArchivedResponse, ArchivedResponse],
) -> Reference:
    """The rows of a pair; a figure that it does not state stays as it is stored."""
    bootstrap, response = pair

    def rows(columns: Columns, stated: list[Stated], rejected: list[Rejected]) -> list[Row]:
        source = response if columns is FIXTURE_COLUMNS else bootstrap
        rejected += keep_unstated(context, season, columns, stated, source.resource_id)
        return [one.row for one in stated]

    of_bootstrap, of_fixtures = lists.rejected_of_bootstrap, lists.rejected_of_fixtures
    gameweeks = [Stated(gameweek_row(season, model), record) for record, model in lists.gameweeks]
    teams = [Stated(team_row(season, record, model), record) for record, model in lists.teams]
    players = [
        Stated(player_row(season, record, model, added_at=bootstrap.as_of), record) for record, model in lists.elements
    ]
    fixtures = [Stated(fixture_row(season, record, model, club_codes), record) for record, model in lists.fixtures]
    of_bootstrap += keep_unstated(context, season, STATES, players, bootstrap.resource_id)
    return Reference(
        season,
        rows(GAMEWEEKS, gameweeks, of_bootstrap),
        rows(TEAMS, teams, of_bootstrap),
        rows(PLAYERS, players, of_bootstrap),
        rows(FIXTURE_COLUMNS, fixtures, of_fixtures),
        of_bootstrap,
        of_fixtures,
    )


@dataclass
class _Lists:
    """The records of a pair that fit, each as it came and validated."""

    gameweeks: list[tuple[Any, Gameweek]]
    teams: list[tuple[Any, FplTeam]]
    elements: list[tuple[Any, Element]]
    fixtures: list[tuple[Any, Fixture]]
    rejected_of_bootstrap: list[Rejected]
    rejected_of_fixtures: list[Rejected]

    @classmethod
    def of(cls, bootstrap: ArchivedResponse, response: ArchivedResponse) -> "_Lists":
        """Validate the records.

        Raises:
            PayloadError: too many do not fit, or a list has none.
        """
        body = bootstrap.body
        gameweeks, bad_gameweeks = _accept(Gameweek, require_list(body, "events", fpl.BOOTSTRAP), "events", "id")
        teams, bad_teams = _accept(FplTeam, require_list(body, "teams", fpl.BOOTSTRAP), "teams", "id", "code")
        records = require_list(body, "elements", fpl.BOOTSTRAP)
        elements, bad_elements = _accept(Element, records, "elements", "id", "code")
        if not isinstance(response.body, list):
            raise PayloadError(f"{fpl.FIXTURES}: expected a list. {IF_REPEATED}")
        fixtures, bad_fixtures = _accept(Fixture, response.body, "fixtures", "id", "code")
        if not gameweeks or not teams:
            raise PayloadError(f"{fpl.BOOTSTRAP}: no usable gameweeks or teams; is FPL between two seasons?")
        return cls(gameweeks, teams, elements, fixtures, [*bad_gameweeks, *bad_teams, *bad_elements], bad_fixtures)

    @property
    def deadlines(self) -> dict[int, datetime]:
        """Gameweek -> deadline."""
        return {model.id: model.deadline_time for _, model in self.gameweeks}

    def claim(self) -> Claim:
        """What the pair says about its season."""
        return Claim(
            self.deadlines,
            [model.kickoff_time for _, model in self.fixtures if model.kickoff_time],
            {model.id: model.code for _, model in self.fixtures},
            {model.id: model.code for _, model in self.teams},
        )

    def compare(self, season: Season, stored: StoredSeason, club_codes: Mapping[int, int], as_of: datetime) -> None:
        """Take out of the lists what contradicts the stored season.

        Raises:
            PayloadError: the whole pair contradicts it.
        """
        deadlines = self.deadlines
        current = max((model.id for _, model in self.gameweeks if model.is_current), default=None)
        self.gameweeks, strange = without_strange(self.gameweeks, self.fixtures, season, stored.finished)
        require_recent(current, self.deadlines, as_of)
        self.elements, strangers = check_players(self.elements, stored.players, club_codes)
        self.fixtures, odd = check_fixtures(
            self.fixtures, season, stored, club_codes=club_codes, deadlines=deadlines, as_of=as_of
        )
        self.rejected_of_bootstrap += [*strange, *strangers]
        self.rejected_of_fixtures += odd


def _require_names(teams: list[tuple[Any, FplTeam]], current: Season | None) -> None:
    nameless = [str(model.code) for _, model in teams if not (model.name and model.short_name)]
    if nameless and current is None:
        raise PayloadError(f"{fpl.BOOTSTRAP}: clubs without name or short_name: {listed(nameless)}")


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
