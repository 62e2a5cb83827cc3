"""Selections that only the store can check, on the sandbox's first week: gameweeks 1 and 2."""

import pytest

from dev.pipelines import Pipelines, slots_of
from fpl_pulse.errors import SelectionError
from fpl_pulse.etl import lineups
from fpl_pulse.etl.selection import Selection
from tests.installations import FIRST_MONDAY

TUESDAY = slots_of(FIRST_MONDAY)["update_lineups"]


def matches_of(pipelines: Pipelines, gameweek: int) -> tuple[int, ...]:
    """SofaSport's ids of a gameweek's matches."""
    rows = pipelines.conn.execute(
        "select event_id from pulse.fixture_mappings join pulse.fpl_fixtures using (season, fixture_id)"
        " where gameweek = %s order by event_id",
        (gameweek,),
    )
    return tuple(row[0] for row in rows)


def test_a_match_outside_the_chosen_gameweeks_is_refused_without_a_call(loaded: Pipelines) -> None:
    outside, inside = matches_of(loaded, 2)[0], matches_of(loaded, 1)[0]
    context = loaded.context("update_lineups", TUESDAY, Selection(gameweeks=(1,), matches=(inside, outside)))
    with pytest.raises(SelectionError, match=f"In none of the chosen gameweeks: match {outside}[.]"):
        lineups.refresh_results(context)
    assert loaded.calls(context) == loaded.calls(context, "fpl") == {}


def test_a_match_in_the_chosen_gameweeks_is_accepted_and_so_is_either_choice_alone(loaded: Pipelines) -> None:
    match = matches_of(loaded, 2)[:1]
    for selection in (Selection(gameweeks=(1, 2), matches=match), Selection(matches=match), Selection(gameweeks=(1,))):
        lineups.require_known_selection(loaded.context("update_lineups", TUESDAY, selection))
