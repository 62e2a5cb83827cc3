"""The true mapping between both sources, for tests of identity resolution. No API shows it."""

from typing import Any

from dev.sandbox.matches import minute_differs
from dev.sandbox.season import Season
from dev.sandbox.timestamps import iso


def true_mapping(season: Season) -> dict[str, Any]:
    """The mapping of players, teams and events. None means that a source does not know the player.

    A person with two SofaSport profiles has two rows. A stale event has no fixture of its own. In the fixtures of
    `minute_differences`, FPL counts one minute more than SofaSport for one substituted home starter.
    """
    players = []
    for person in season.people:
        element = person.element
        player_ids: list[int | None] = [profile.sofasport_id for profile in person.profiles]
        for player_id in player_ids or [None]:
            players.append(
                {
                    "sofasport_player_id": player_id,
                    "fpl_code": element.code if element else None,
                    "fpl_element_id": element.element_id if element else None,
                    "fpl_added_at": iso(element.added_at) if element else None,
                    "name_style": person.naming.style,
                }
            )
    events = [
        {
            "sofasport_event_id": event.event_id,
            "fpl_fixture_id": None if event.stale else fixture.fixture_id,
            "fpl_fixture_code": None if event.stale else fixture.code,
            "stale_event_of": fixture.fixture_id if event.stale else None,
        }
        for fixture in season.fixtures
        for event in fixture.events
    ]
    teams = [
        {"sofasport_team_id": club.sofasport_id, "fpl_code": club.fpl_code, "fpl_team_id": club.fpl_id}
        for club in season.clubs
    ]
    differ = [fixture.fixture_id for fixture in season.fixtures if minute_differs(season.seeded, fixture.fixture_id)]
    return {"players": players, "teams": teams, "events": events, "minute_differences": differ}
