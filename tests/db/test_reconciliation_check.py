"""When differences between SofaSport and FPL fail the check of the lineups, and its messages."""

import re

import pytest

from dev.pipelines import Pipelines
from fpl_pulse.errors import CheckFailedError
from tests.db.reconciling import SETTLED, TUESDAY, Agreed, change, check, in_words, reconcile


@pytest.fixture
def agreed(loaded: Pipelines) -> Agreed:
    """A fixture without differences, and one of its substitutes."""
    return Agreed.first_of(loaded)


def test_a_whole_fixture_that_differs_fails_the_check_and_is_named_with_both_values(
    loaded: Pipelines, agreed: Agreed
) -> None:
    change(loaded, "fpl_player_fixtures", "minutes = 45", "fixture_id = %s and minutes = 90", agreed.fixture_id)
    reconcile(loaded)
    players, differing, _, _ = agreed.counts
    named = rf"fixtures in which more than 20% .*: 1; .* {agreed.words} {differing} of {players} \(.* minutes 90/45, "
    with pytest.raises(CheckFailedError, match=named):
        check(loaded)


def test_a_few_differences_in_every_fixture_fail_the_check_for_the_season(loaded: Pipelines) -> None:
    change(
        loaded,
        "fpl_player_fixtures as figures",
        "goals = goals + 1",
        "element_id in (select element_id from pulse.fpl_player_fixtures as others where minutes > 0"
        " and others.fixture_id = figures.fixture_id order by element_id limit 2)",
    )
    reconcile(loaded)
    with pytest.raises(CheckFailedError, match=r"over the season more than 5% .* goals 0/1") as failed:
        check(loaded)
    assert not re.search("fixtures in which more than", str(failed.value))


def test_a_difference_below_the_thresholds_is_a_remark_when_sofasport_repeats_it(
    loaded: Pipelines, agreed: Agreed, caplog: pytest.LogCaptureFixture
) -> None:
    agreed.change_fpl("goals = 2, assists = 3")
    with pytest.raises(CheckFailedError, match="not FPL's final ones: 1"):
        check(loaded)
    change(loaded, "raw_resources", "as_of = as_of + interval '7 days'", "endpoint = 'events/lineups'")
    check(loaded)
    name = loaded.one("select web_name from pulse.fpl_players where code = %s", agreed.fpl_code)
    assert f"{agreed.words} 1 of {agreed.counts[0]} ({name} goals 0/2)" in caplog.text


def test_a_difference_in_a_young_match_is_only_a_remark(loaded: Pipelines, caplog: pytest.LogCaptureFixture) -> None:
    newest = loaded.one(
        "select fixture_id from pulse.fixture_reconciliations join pulse.fpl_fixtures using (season, fixture_id)"
        " order by kickoff_at desc limit 1"
    )
    change(loaded, "fpl_player_fixtures", "minutes = 45", "fixture_id = %s and minutes = 90", newest)
    change(loaded, "fpl_fixtures", "finished = false", "fixture_id = %s", newest)
    reconcile(loaded)
    check(loaded, TUESDAY)
    assert in_words(loaded, newest) in caplog.text
    assert "these matches are young" in caplog.text
    with pytest.raises(CheckFailedError, match=in_words(loaded, newest)):
        check(loaded, SETTLED)


def test_a_settled_fixture_without_official_figures_fails_the_check(loaded: Pipelines, agreed: Agreed) -> None:
    change(loaded, "fpl_player_fixtures", "minutes = 0", "fixture_id = %s", agreed.fixture_id)
    assert reconcile(loaded)["fixtures"] == 19
    assert agreed.differences == []
    with pytest.raises(CheckFailedError, match=f"fixtures with lineups for which FPL .*: 1, {agreed.words}$"):
        check(loaded)


def test_a_fixture_without_lineup_minutes_is_not_reported_as_lacking_fpl_figures(
    loaded: Pipelines, agreed: Agreed
) -> None:
    change(loaded, "sofasport_lineups", "with_minutes = 0", "event_id = %s", agreed.event_id)
    reconcile(loaded)
    with pytest.raises(CheckFailedError, match="have no statistics") as failed:
        check(loaded)
    assert "official figures" not in str(failed.value)
