"""Fixtures for which a check has missed an event, a result or the right kick-off: later runs look for them.

A run reads only pages of events that should hold something new. What was lost from older ones, because a list ended too
early or an event was wrong, is looked for once by the next run, and again at the ages of `pulse.is_due_again`. So a
difference that stays does not cost calls in every week.
"""

from dataclasses import dataclass
from datetime import datetime

from fpl_pulse.api.payloads_sofasport import Event
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.event_identity import start_of
from fpl_pulse.etl.queries import query


@dataclass(frozen=True)
class MissedFixture:
    """A fixture that is looked for, by SofaSport's ids of its clubs."""

    home_team_id: int
    away_team_id: int
    kickoff_at: datetime | None

    def is_event(self, event: Event) -> bool:
        """Whether an event of a page is this fixture."""
        start = start_of(event)
        is_near = start and self.kickoff_at and abs(start - self.kickoff_at) <= thresholds.SAME_KICK_OFF
        return bool(is_near) and {event.home_team.id, event.away_team.id} == {self.home_team_id, self.away_team_id}


def due(context: StepContext, *, is_played: bool) -> list[MissedFixture]:
    """The missed fixtures to look for now among the past events, or among the coming ones."""
    return context.rows(MissedFixture, query("due_missed_fixtures"), season=context.season(), is_played=is_played)


def note_search(context: StepContext) -> None:
    """Note that the pages were searched for all missed fixtures that were due."""
    context.conn.execute(
        "update pulse.missed_fixtures set searched_as_of = %(as_of)s where season = %(season)s",
        {"season": context.season(), "as_of": context.as_of},
    )


def note_missed(context: StepContext) -> None:
    """Note the fixtures that are missed now, and forget those that are not missed any more."""
    context.conn.execute(
        query("note_missed_fixtures"),
        {"season": context.season(), "as_of": context.as_of, "same": thresholds.SAME_KICK_OFF},
    )
