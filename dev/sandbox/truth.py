"""Who is who: the answer sheet against which a mapping can be measured. No API shows this."""

from typing import Any

from dev.sandbox.matches import minute_differs
from dev.sandbox.moments import iso
from dev.sandbox.season import Season


def who_is_who(season: Season) -> dict[str, Any]:
    """Players, teams and events of both sides. None stands where one side does not know a player.

    A person with two SofaSport profiles has two lines. A stale event has no fixture of its own. In the
    fixtures of `minute_differences` FPL gives one substituted home starter a minute more than SofaSport.
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
    differ = [
        fixture.fixture_id for fixture in season.fixtures if minute_differs(season.chance, fixture.fixture_id)
    ]
    return {"players": players, "teams": teams, "events": events, "minute_differences": differ}
