"""Whether an event of a list is a match of the requested competition and season, and of the clubs it is known by."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from fpl_pulse.api.payloads_sofasport import Event
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.queries import query
from fpl_pulse.season import FIRST_MONTH, Season
from fpl_pulse.store.archive import ArchivedResponse

SEASON_LASTS = timedelta(days=455)
"""From June to the end of the August after: in 2020 a season ended in July and the next one began in September."""

Clubs = tuple[int, int]
"""SofaSport's ids of the home club and the away club."""


@dataclass(frozen=True)
class FplFixture:
    """A fixture of two linked clubs, as FPL has it."""

    kickoff_at: datetime | None
    is_finished: bool
    has_started: bool

    def is_near(self, start: datetime | None) -> bool:
        """Whether an event that starts then can be this fixture; also when one of the times is unknown."""
        unknown = start is None or self.kickoff_at is None
        return unknown or abs(start - self.kickoff_at) <= thresholds.MAX_KICK_OFF_DIFFERENCE  # type: ignore[operator]

    def is_at(self, start: datetime | None) -> bool:
        """Whether the kick-off is about the start of an event; both are known."""
        return start is not None and self.kickoff_at is not None and self.is_near(start)


AT_HALF_TIME = ("home_score_period1", "away_score_period1")
DESCRIPTIONS = ("round", "slug", *AT_HALF_TIME)
"""Columns of an event that keep their value when a response does not say it."""


@dataclass(frozen=True)
class StoredEvent:
    """What is stored of an event."""

    clubs: Clubs
    start_at: datetime | None
    has_ended: bool
    has_lineups: bool
    """Players with minutes are stored. Lineups are checked against the clubs when they are loaded."""
    described: Mapping[str, object] = field(default_factory=dict)
    """Column -> value, of `DESCRIPTIONS`."""


@dataclass(frozen=True)
class Calendar:
    """What is known of the season's matches before a response is read."""

    season: Season
    fixtures: Mapping[Clubs, FplFixture]
    league: Collection[int] = ()
    """The clubs of the league; empty while a club of FPL's has no link."""
    stored: Mapping[int, StoredEvent] = field(default_factory=dict)

    @property
    def first_day(self) -> datetime:
        """The earliest possible kick-off of the season."""
        return datetime.combine(date(self.season.start_year, FIRST_MONTH, 1), datetime.min.time(), UTC)


def read_calendar(context: StepContext, season: Season) -> Calendar:
    """The season's fixtures, linked clubs and stored events."""
    fixtures = {
        (row["home_team_id"], row["away_team_id"]): FplFixture(row["kickoff_at"], row["is_finished"], row["started"])
        for row in context.records(query("fixtures_of_clubs"), season=season)
    }
    league = {row["team_id"] for row in context.records(query("clubs_of_league"), season=season)}
    stored = {
        row["event_id"]: StoredEvent(
            (row["home_team_id"], row["away_team_id"]),
            row["start_at"],
            row["has_ended"],
            row["has_lineups"],
            {name: row[name] for name in DESCRIPTIONS},
        )
        for row in context.records(query("stored_events"), season=season)
    }
    return Calendar(season, fixtures, league, stored)


def foreign_reason(event: Event, response: ArchivedResponse, calendar: Calendar) -> str | None:
    """Why an event is not of the requested competition and season; None for one that is.

    An event that does not name its competition is judged by its clubs.
    """
    asked_for = {"competition": int(response.params["unique_tournament_id"]), "season": response.params["seasons_id"]}
    stated = {"competition": event.tournament.unique_tournament.id, "season": event.season.id}
    for what, asked in asked_for.items():
        if stated[what] is not None and stated[what] != int(asked):
            return f"this is a match of another {what} (SofaSport's id {stated[what]}); {asked} was requested"
    names_none = stated["competition"] is None
    clubs = event.home_team, event.away_team
    strangers = [team.name or f"club {team.id}" for team in clubs if team.id not in calendar.league]
    if names_none and calendar.league and strangers:
        return f"{' and '.join(strangers)} plays in another competition"
    return None


def contradiction(event: Event, stage: str, at: datetime, calendar: Calendar) -> str | None:
    """Why an event of the season cannot be as the response says; None for a credible one.

    Args:
        event: as listed.
        stage: `pulse.match_stage` of its status.
        at: the as-of time of the response.
        calendar: what is known.
    """
    start = start_of(event)
    if start and not calendar.first_day <= start < calendar.first_day + SEASON_LASTS:
        return f"the kick-off {start:%Y-%m-%d %H:%M} UTC is outside the season {calendar.season}"
    stored = calendar.stored.get(event.id)
    clubs = event.home_team.id, event.away_team.id
    if stored and stored.clubs != clubs and (reason := _other_clubs(clubs, start, stage, stored, calendar)):
        return reason
    if stage == "ended" and not (stored and stored.has_ended):
        return _too_early(clubs, start, at, calendar)
    return None


def _other_clubs(
    clubs: Clubs, start: datetime | None, stage: str, stored: StoredEvent, calendar: Calendar
) -> str | None:
    """Why an event cannot have changed its clubs, or their order."""
    named = f"the event is stored with the clubs {stored.clubs[0]} and {stored.clubs[1]}"
    if stored.has_lineups:
        return f"{named}, whose lineups are stored; {clubs[0]} and {clubs[1]} are listed"
    if set(clubs) == set(stored.clubs) and stage == "ended":
        # The match was played elsewhere than planned.
        return None
    before, now = calendar.fixtures.get(stored.clubs), calendar.fixtures.get(clubs)
    if before and before.is_at(stored.start_at) and not (now and now.is_at(start)):
        return f"{named}, as FPL has the match; {clubs[0]} and {clubs[1]} are listed"
    return None


def _too_early(clubs: Clubs, start: datetime | None, at: datetime, calendar: Calendar) -> str | None:
    """Why a match cannot have ended: FPL has it on another day, or still to be played."""
    legs = [fixture for pair in (clubs, clubs[::-1]) if (fixture := calendar.fixtures.get(pair))]
    if not legs or any(leg.is_finished and leg.is_near(start) for leg in legs):
        return None
    if not any(leg.is_near(start) for leg in legs):
        return "the match has ended, but FPL has no match of these clubs on that day"
    near = next(leg for leg in legs if leg.is_near(start))
    if start and start > at and not near.has_started:
        return f"the match has ended, but its kick-off is {start:%Y-%m-%d %H:%M} UTC, and FPL has not begun it"
    return None


def may_reopen(event: Event, calendar: Calendar) -> bool:
    """Whether FPL says that a match that is stored as ended was not played: it was moved or abandoned."""
    fixture = calendar.fixtures.get((event.home_team.id, event.away_team.id))
    return fixture is not None and not fixture.is_finished and not fixture.has_started


def start_of(event: Event) -> datetime | None:
    """The kick-off of an event."""
    return None if event.start_timestamp is None else datetime.fromtimestamp(event.start_timestamp, UTC)
