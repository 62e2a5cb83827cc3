"""Squads: a fault of one club does not affect the others, and a name may be any text."""

from datetime import timedelta
from typing import Any

import pytest

from dev.pipelines import Pipelines
from fpl_pulse.api import sofasport
from fpl_pulse.api.calls import Resource
from fpl_pulse.errors import RetryableError
from fpl_pulse.etl import lineups, squads
from fpl_pulse.store import archive
from tests.db.faults import SEASON, body_of, change_responses
from tests.db.identity_resolution import LINKED_WITH_MINUTES, MONDAY, TUESDAY, alerts, links_of, match_again


def failing(team_ids: set[int]) -> Any:  # noqa: ANN401 - a change for `change_responses`
    """A change that lets the calls for the squads of these clubs fail."""

    def change(resource: Resource, payload: Any) -> Any:  # noqa: ANN401
        if resource.endpoint == sofasport.SQUAD and resource.params["team_id"] in team_ids:
            raise RetryableError(f"{resource}: status 503")
        return payload

    return change


def team_ids(loaded: Pipelines) -> list[int]:
    """SofaSport's ids of the season's clubs."""
    rows = loaded.conn.execute("select sofasport_team_id from pulse.team_mappings order by 1")
    return [team_id for (team_id,) in rows]


def test_a_squad_that_cannot_be_fetched_stays_due_and_the_others_are_read(loaded: Pipelines) -> None:
    before = links_of(loaded)
    teams = team_ids(loaded)
    context = loaded.context("update_fixture_mappings", MONDAY + timedelta(weeks=5))
    change_responses(context, failing({teams[0]}))
    assert squads.fetch_sofasport_squads(context) == {"squads": 19, "unread": 1}
    match_again(loaded, weeks=5)
    assert before.items() <= links_of(loaded).items()
    ((subject, message),) = alerts(loaded, "squad_unread")
    assert subject == f"club {teams[0]}"
    assert "503" in message
    again = loaded.context("update_fixture_mappings", MONDAY + timedelta(weeks=5))
    assert squads.fetch_sofasport_squads(again) == {"squads": 1, "unread": 0}


def test_an_outage_is_an_error_and_squads_that_were_read_are_not_requested_again(loaded: Pipelines) -> None:
    teams = team_ids(loaded)
    context = loaded.context("update_fixture_mappings", MONDAY + timedelta(weeks=5))
    change_responses(context, failing(set(teams[10:])))
    with pytest.raises(RetryableError, match="503"):
        squads.fetch_sofasport_squads(context)
    again = loaded.context("update_fixture_mappings", MONDAY + timedelta(weeks=5))
    assert squads.fetch_sofasport_squads(again) == {"squads": 10, "unread": 0}


def test_the_reason_why_a_squad_was_rejected_is_stored(loaded: Pipelines) -> None:
    team_id = int(loaded.one("select min(team_id) from pulse.sofasport_squads"))
    archive.store_response(loaded.conn, sofasport.squad(SEASON, team_id), {"players": []}, TUESDAY)
    squads.fetch_sofasport_squads(loaded.context("update_fixture_mappings", TUESDAY))
    reason = loaded.one(
        "select reason from pulse.rejected_records where endpoint = 'teams/players' and resource like %s",
        f"%team_id={team_id}",
    )
    assert "the squad is empty" in reason


@pytest.mark.parametrize("name", ["", "   ", None, "Виктор Сергеев"])
def test_a_player_with_an_empty_name_or_one_in_another_script_keeps_his_row_and_his_link(
    loaded: Pipelines, name: str | None
) -> None:
    before = links_of(loaded)
    event_id = int(loaded.one("select min(event_id) from pulse.sofasport_lineup_players where minutes = 90"))
    body = body_of(loaded, sofasport.lineups(event_id))
    entry = body["home"]["players"][0]
    kept_name = loaded.one("select name from pulse.sofasport_players where player_id = %s", entry["player"]["id"])
    entry["player"]["name"] = name
    archive.store_response(loaded.conn, sofasport.lineups(event_id), body, TUESDAY)
    lineups.load_lineups(loaded.context("update_lineups", TUESDAY))
    match_again(loaded)
    assert links_of(loaded) == before
    assert loaded.one("select name from pulse.sofasport_players where player_id = %s", entry["player"]["id"]) == (
        (name or "").strip() or kept_name
    )
    assert loaded.one("select count(*) from pulse.rejected_records where resource = %s", f"event_id={event_id}") == 0


def test_an_unknown_player_without_a_latin_name_is_stored_and_not_linked(loaded: Pipelines) -> None:
    team_id = int(loaded.one("select min(team_id) from pulse.sofasport_squads"))
    squad = body_of(loaded, sofasport.squad(SEASON, team_id))
    squad["players"].append({"player": {"id": 77_000_001, "name": "", "slug": ""}})
    squad["players"].append({"player": {"id": 77_000_002, "name": "孫興慜"}})
    archive.store_response(loaded.conn, sofasport.squad(SEASON, team_id), squad, TUESDAY)
    squads.fetch_sofasport_squads(loaded.context("update_fixture_mappings", TUESDAY))
    match_again(loaded)
    unknown = loaded.conn.execute(
        "select people.name, candidates.status from pulse.sofasport_players as people"
        " join pulse.mapping_candidates as candidates on candidates.sofasport_id = people.player_id"
        " where people.player_id > 77000000 and candidates.kind = 'player' order by people.player_id"
    ).fetchall()
    assert unknown == [("player 77000001", "no_counterpart"), ("孫興慜", "no_counterpart")]


def test_a_player_in_two_squads_keeps_his_link_and_a_second_profile_of_him_is_reviewed(loaded: Pipelines) -> None:
    before = links_of(loaded)
    player_id, code = loaded.conn.execute(LINKED_WITH_MINUTES).fetchall()[0]
    other_club = int(loaded.one("select max(team_id) from pulse.sofasport_squads where player_id <> %s", player_id))
    squad = body_of(loaded, sofasport.squad(SEASON, other_club))
    profile = loaded.one(
        "select jsonb_build_object('id', player_id, 'name', name, 'slug', slug, 'position', position,"
        " 'dateOfBirthTimestamp', extract(epoch from birth_date)::int)"
        " from pulse.sofasport_players where player_id = %s",
        player_id,
    )
    squad["players"] += [{"player": profile}, {"player": profile | {"id": 77_000_003}}]
    archive.store_response(loaded.conn, sofasport.squad(SEASON, other_club), squad, TUESDAY)
    squads.fetch_sofasport_squads(loaded.context("update_fixture_mappings", TUESDAY))
    match_again(loaded)
    assert links_of(loaded) == before
    evidence = loaded.one(
        "select evidence from pulse.mapping_candidates"
        " where kind = 'player' and sofasport_id = 77000003 and fpl_id = %s and status = 'review'",
        code,
    )
    assert str(evidence).startswith("another profile is linked to him")


def test_half_a_squad_is_believed_when_it_is_listed_again_a_week_later(loaded: Pipelines) -> None:
    team_id = team_ids(loaded)[0]
    current = "select count(*) from pulse.sofasport_squads where team_id = %s and is_current"
    before = loaded.one(current, team_id)
    body = body_of(loaded, sofasport.squad(SEASON, team_id))
    body["players"] = body["players"][: len(body["players"]) // 2]
    for week, expected in [(1, before), (2, len(body["players"]))]:
        context = loaded.context("update_fixture_mappings", MONDAY + timedelta(weeks=week))
        archive.store_response(loaded.conn, sofasport.squad(SEASON, team_id), body, context.as_of)
        squads.load_squads(context)
        assert loaded.one(current, team_id) == expected
