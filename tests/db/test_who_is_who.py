"""Who is who in the store: links follow people, doubt waits for a person, and a person's word counts."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from fpl_pulse.api import sofasport
from fpl_pulse.api.http import Resource
from fpl_pulse.errors import CheckFailedError, RetryableError
from fpl_pulse.etl import lineups, mapping_check, mapping_report, mappings, squads
from fpl_pulse.store import decisions, raw
from fpl_pulse.store.decisions import Decision, Verdict
from tests.db.conftest import FIRST_MONDAY, Pipelines, slots_of
from tests.db.test_never_worse import SEASON, answering, body_of

FIRST = slots_of(FIRST_MONDAY)
MONDAY, TUESDAY = FIRST["update_fixture_mappings"], FIRST["update_lineups"]

LINKED_WITH_MINUTES = """
    select links.sofasport_player_id, links.fpl_code
    from pulse.player_mappings as links
    join pulse.fpl_players as players on players.code = links.fpl_code and players.season = '2025-26'
    where players.minutes = 180
    order by 1
"""


def match_again(loaded: Pipelines, weeks: int = 0) -> None:
    """The two steps of the matching, some weeks later; they make no call."""
    work = loaded.work("update_lineups", TUESDAY)
    work.run = replace(work.run, as_of=TUESDAY + timedelta(weeks=weeks))
    mappings.match_who_is_who(work)
    mappings.load_mappings(work)


def monday_and_tuesday(loaded: Pipelines, weeks: int = 0) -> None:
    """The two pipelines that have to do with who is who."""
    loaded.run("update_fixture_mappings", MONDAY + timedelta(weeks=weeks))
    loaded.run("update_lineups", TUESDAY + timedelta(weeks=weeks))


def links_of(loaded: Pipelines) -> dict[int, int]:
    rows = loaded.conn.execute("select sofasport_player_id, fpl_code from pulse.player_mappings")
    return dict(rows.fetchall())


def decide(loaded: Pipelines, player_id: int, code: int, verdict: Verdict) -> None:
    decisions.store(loaded.conn, Decision("player", player_id, code, verdict, "Ann", "I have seen him"))


def alerts(loaded: Pipelines, kind: str) -> list[tuple[str, str]]:
    rows = loaded.conn.execute("select subject, message from pulse.alerts where kind = %s", (kind,))
    return rows.fetchall()


def test_a_link_whose_minutes_disagree_three_matches_running_goes_to_review_and_raises_one_alert(
    loaded: Pipelines,
) -> None:
    monday_and_tuesday(loaded, weeks=1)
    player_id, code = loaded.conn.execute(LINKED_WITH_MINUTES.replace("= 180", ">= 270")).fetchall()[0]
    loaded.conn.execute("update pulse.fpl_player_fixtures set minutes = 0 where fpl_code = %s", (code,))
    for _ in range(2):
        match_again(loaded, weeks=1)
    assert player_id not in links_of(loaded)
    status, evidence = loaded.conn.execute(
        "select status, evidence from pulse.mapping_candidates"
        " where kind = 'player' and sofasport_id = %s and fpl_id = %s",
        (player_id, code),
    ).fetchall()[0]
    assert status == "review"
    assert "minutes agree in 0 of 3 matches" in evidence
    ((subject, message),) = alerts(loaded, "link_contradicted")
    assert subject == f"player {player_id}"
    assert str(code) in message


def test_an_accepted_pair_is_linked_and_stays_so_whatever_the_evidence_says(loaded: Pipelines) -> None:
    player_id, code = loaded.conn.execute(LINKED_WITH_MINUTES).fetchall()[0]
    other = next(known for known in links_of(loaded).values() if known != code)
    decide(loaded, player_id, other, "link")
    for _ in range(2):
        match_again(loaded)
        assert links_of(loaded)[player_id] == other
    method, made_by = loaded.conn.execute(
        "select method, evidence from pulse.player_mappings where sofasport_player_id = %s", (player_id,)
    ).fetchall()[0]
    assert method == "decision"
    assert "Ann" in made_by
    decide(loaded, player_id, other, "withdraw")
    match_again(loaded)
    assert links_of(loaded)[player_id] == code


def test_a_rejected_pair_is_gone_and_stays_gone(loaded: Pipelines) -> None:
    player_id, code = loaded.conn.execute(LINKED_WITH_MINUTES).fetchall()[0]
    decide(loaded, player_id, code, "reject")
    for _ in range(2):
        match_again(loaded)
        assert player_id not in links_of(loaded)
    decide(loaded, player_id, code, "link")
    match_again(loaded)
    assert links_of(loaded)[player_id] == code


def test_of_two_links_that_a_person_made_of_one_profile_the_newest_counts(loaded: Pipelines) -> None:
    (player_id, code), (_, second) = loaded.conn.execute(LINKED_WITH_MINUTES).fetchall()[:2]
    decide(loaded, player_id, second, "link")
    decide(loaded, player_id, code, "link")
    match_again(loaded)
    assert links_of(loaded)[player_id] == code


def test_decisions_outlive_every_other_table(loaded: Pipelines) -> None:
    (player_id, code), (_, second) = loaded.conn.execute(LINKED_WITH_MINUTES).fetchall()[:2]
    decide(loaded, player_id, second, "link")
    tables = loaded.conn.execute(
        "select tablename from pg_tables where schemaname = 'pulse'"
        " and tablename not in ('mapping_decisions', 'alembic_version')"
    ).fetchall()
    loaded.conn.execute(f"truncate {', '.join(f'pulse.{name}' for (name,) in tables)} cascade".encode())
    assert links_of(loaded) == {}
    monday_and_tuesday(loaded)
    assert links_of(loaded)[player_id] == second
    assert code not in links_of(loaded).values()


def test_a_summer_with_all_ids_renumbered_changes_no_link(loaded: Pipelines) -> None:
    before = links_of(loaded)
    loaded.conn.execute(
        "insert into pulse.fpl_gameweeks (season, gameweek, name, deadline_at, finished, data_checked, is_current)"
        " values ('2026-27', 1, 'Gameweek 1', '2026-08-14 17:30Z', false, false, false)"
    )
    loaded.conn.execute(
        "insert into pulse.fpl_teams (season, team_id, code, name, short_name, details)"
        " select '2026-27', 21 - team_id, code, name, short_name, details from pulse.fpl_teams"
    )
    loaded.conn.execute(
        "insert into pulse.fpl_players (season, element_id, code, first_name, second_name, web_name, birth_date,"
        " team_code, position, total_points, minutes, goals, assists, details)"
        " select '2026-27', 1000 - element_id, code, first_name, 'Renamed ' || second_name, web_name, birth_date,"
        " team_code, position, 0, 0, 0, 0, details from pulse.fpl_players where mod(element_id, 3) <> 0"
    )
    loaded.conn.execute(
        "insert into pulse.sofasport_squads (season, team_id, player_id, is_current)"
        " select '2026-27', team_id, player_id, true from pulse.sofasport_squads where mod(player_id, 2) = 0"
    )
    match_again(loaded, weeks=52)
    after = links_of(loaded)
    assert {player_id: after.get(player_id) for player_id in before} == before


def test_a_transfer_and_an_edited_name_change_no_link(loaded: Pipelines) -> None:
    before = links_of(loaded)
    loaded.conn.execute(
        "update pulse.fpl_players set team_code = (select max(code) from pulse.fpl_teams),"
        " web_name = 'X', second_name = 'Edited' where mod(element_id, 5) = 0"
    )
    match_again(loaded)
    assert links_of(loaded) == before


def test_a_link_keeps_when_it_was_made_and_notes_when_it_was_confirmed(loaded: Pipelines) -> None:
    stamps = (
        "select min(made_at), max(made_at), min(confirmed_at), max(confirmed_at) from pulse.player_mappings"
    )
    made = loaded.conn.execute(stamps).fetchall()[0][:2]
    changed = "select max(updated_at) from pulse.player_mappings"
    touched = loaded.one(changed)
    match_again(loaded, weeks=3)
    after = loaded.conn.execute(stamps).fetchall()[0]
    assert after[:2] == made
    assert after[3] == TUESDAY + timedelta(weeks=3)
    assert loaded.one(changed) == touched
    match_again(loaded)
    assert loaded.conn.execute(stamps).fetchall()[0] == after


def test_a_club_in_review_stops_neither_the_other_nineteen_nor_the_week(loaded: Pipelines) -> None:
    team_id, code = loaded.conn.execute(
        "select sofasport_team_id, fpl_team_code from pulse.team_mappings order by 1"
    ).fetchall()[0]
    decisions.store(loaded.conn, Decision("team", team_id, code, "reject", "Ann", "not the same"))
    monday = loaded.run("update_fixture_mappings", MONDAY + timedelta(weeks=1))
    assert loaded.one("select count(*) from pulse.team_mappings") == 19
    assert loaded.one("select count(*) from pulse.fixture_mappings where is_current") == 19 * 18
    ((subject, message),) = alerts(loaded, "club_in_review")
    assert subject == f"club {code}"
    assert f"link --club SOFASPORT_TEAM_ID {code}" in message
    state = "select state from pulse.pipeline_runs where run_id = %s"
    assert loaded.one(state, monday.run.run_id) == "success"
    tuesday = loaded.run("update_lineups", TUESDAY + timedelta(weeks=1))
    assert loaded.one(state, tuesday.run.run_id) == "success"
    mapping_check.check_mappings(monday)
    assert len(alerts(loaded, "club_in_review")) == 1
    decisions.store(loaded.conn, Decision("team", team_id, code, "link", "Ann", "it is"))
    match_again(loaded, weeks=1)
    assert loaded.one("select count(*) from pulse.fixture_mappings where is_current") == 380


def test_too_many_clubs_in_review_are_a_fault(loaded: Pipelines) -> None:
    loaded.conn.execute(
        "delete from pulse.team_mappings where sofasport_team_id in"
        " (select sofasport_team_id from pulse.team_mappings order by 1 limit 4)"
    )
    with pytest.raises(CheckFailedError, match="4 of 20 clubs are not linked"):
        mapping_check.check_mappings(loaded.work("update_fixture_mappings", TUESDAY))


def failing(team_ids: set[int]) -> Any:  # noqa: ANN401 - a change for `answering`
    def change(resource: Resource, answer: Any) -> Any:  # noqa: ANN401
        if resource.endpoint == sofasport.SQUAD and resource.params["team_id"] in team_ids:
            raise RetryableError(f"{resource}: the server answers 503")
        return answer

    return change


def test_a_club_whose_squad_fails_is_owed_and_the_others_are_read(loaded: Pipelines) -> None:
    before = links_of(loaded)
    teams = [
        row[0] for row in loaded.conn.execute("select sofasport_team_id from pulse.team_mappings order by 1")
    ]
    work = loaded.work("update_fixture_mappings", MONDAY + timedelta(weeks=5))
    answering(work, failing({teams[0]}))
    assert squads.fetch_sofasport_squads(work) == {"squads": 19, "unread": 1}
    match_again(loaded, weeks=5)
    assert before.items() <= links_of(loaded).items()
    ((subject, message),) = alerts(loaded, "squad_unread")
    assert subject == f"club {teams[0]}"
    assert "503" in message
    again = loaded.work("update_fixture_mappings", MONDAY + timedelta(weeks=5))
    assert squads.fetch_sofasport_squads(again) == {"squads": 1, "unread": 0}


def test_an_outage_of_the_squads_is_an_error_and_what_was_read_is_not_asked_again(loaded: Pipelines) -> None:
    teams = [
        row[0] for row in loaded.conn.execute("select sofasport_team_id from pulse.team_mappings order by 1")
    ]
    work = loaded.work("update_fixture_mappings", MONDAY + timedelta(weeks=5))
    answering(work, failing(set(teams[10:])))
    with pytest.raises(RetryableError, match="503"):
        squads.fetch_sofasport_squads(work)
    again = loaded.work("update_fixture_mappings", MONDAY + timedelta(weeks=5))
    assert squads.fetch_sofasport_squads(again) == {"squads": 10, "unread": 0}


def test_why_a_squad_was_refused_is_on_record(loaded: Pipelines) -> None:
    team_id = int(loaded.one("select min(team_id) from pulse.sofasport_squads"))
    raw.store_answer(loaded.conn, sofasport.squad(SEASON, team_id), {"players": []}, TUESDAY)
    squads.fetch_sofasport_squads(loaded.work("update_fixture_mappings", TUESDAY))
    reason = loaded.one(
        "select reason from pulse.rejected_records where endpoint = 'teams/players' and resource like %s",
        f"%team_id={team_id}",
    )
    assert "the squad is empty" in reason


@pytest.mark.parametrize("name", ["", "   ", None, "Виктор Сергеев"])
def test_a_player_whose_name_is_empty_or_in_another_script_keeps_his_match_and_his_link(
    loaded: Pipelines, name: str | None
) -> None:
    before = links_of(loaded)
    event_id = int(loaded.one("select min(event_id) from pulse.sofasport_lineup_players where minutes = 90"))
    answer = body_of(loaded, sofasport.lineups(event_id))
    entry = answer["home"]["players"][0]
    kept_name = loaded.one(
        "select name from pulse.sofasport_players where player_id = %s", entry["player"]["id"]
    )
    entry["player"]["name"] = name
    raw.store_answer(loaded.conn, sofasport.lineups(event_id), answer, TUESDAY)
    lineups.load_lineups(loaded.work("update_lineups", TUESDAY))
    match_again(loaded)
    assert links_of(loaded) == before
    assert loaded.one(
        "select name from pulse.sofasport_players where player_id = %s", entry["player"]["id"]
    ) == ((name or "").strip() or kept_name)
    assert (
        loaded.one("select count(*) from pulse.rejected_records where resource = %s", f"event_id={event_id}")
        == 0
    )


def test_a_stranger_without_a_name_is_stored_and_not_linked(loaded: Pipelines) -> None:
    team_id = int(loaded.one("select min(team_id) from pulse.sofasport_squads"))
    squad = body_of(loaded, sofasport.squad(SEASON, team_id))
    squad["players"].append({"player": {"id": 77_000_001, "name": "", "slug": ""}})
    squad["players"].append({"player": {"id": 77_000_002, "name": "孫興慜"}})
    raw.store_answer(loaded.conn, sofasport.squad(SEASON, team_id), squad, TUESDAY)
    squads.fetch_sofasport_squads(loaded.work("update_fixture_mappings", TUESDAY))
    match_again(loaded)
    strangers = loaded.conn.execute(
        "select people.name, candidates.status from pulse.sofasport_players as people"
        " join pulse.mapping_candidates as candidates on candidates.sofasport_id = people.player_id"
        " where people.player_id > 77000000 and candidates.kind = 'player' order by people.player_id"
    ).fetchall()
    assert strangers == [("player 77000001", "no_counterpart"), ("孫興慜", "no_counterpart")]


def test_a_player_in_two_squads_keeps_his_link_and_a_namesake_of_his_birthday_waits(
    loaded: Pipelines,
) -> None:
    before = links_of(loaded)
    player_id, code = loaded.conn.execute(LINKED_WITH_MINUTES).fetchall()[0]
    other_club = int(
        loaded.one("select max(team_id) from pulse.sofasport_squads where player_id <> %s", player_id)
    )
    squad = body_of(loaded, sofasport.squad(SEASON, other_club))
    twin: dict[str, Any] = {
        key: value
        for key, value in zip(
            ("id", "name", "slug", "position"),
            loaded.conn.execute(
                "select player_id, name, slug, position from pulse.sofasport_players where player_id = %s",
                (player_id,),
            ).fetchall()[0],
            strict=True,
        )
    }
    born = loaded.one(
        "select extract(epoch from birth_date)::int from pulse.sofasport_players where player_id = %s",
        player_id,
    )
    squad["players"].append({"player": twin | {"dateOfBirthTimestamp": born}})
    squad["players"].append({"player": twin | {"id": 77_000_003, "dateOfBirthTimestamp": born}})
    raw.store_answer(loaded.conn, sofasport.squad(SEASON, other_club), squad, TUESDAY)
    squads.fetch_sofasport_squads(loaded.work("update_fixture_mappings", TUESDAY))
    match_again(loaded)
    assert links_of(loaded) == before
    evidence = loaded.one(
        "select evidence from pulse.mapping_candidates"
        " where kind = 'player' and sofasport_id = 77000003 and fpl_id = %s and status = 'review'",
        code,
    )
    assert str(evidence).startswith("another profile is linked to him")


def test_the_report_says_of_each_club_who_is_linked_and_names_the_weakest(loaded: Pipelines) -> None:
    work = loaded.work("update_fixture_mappings", TUESDAY)
    counts = mapping_report.report_mappings(work)
    assert counts["linked"] == loaded.one(
        "select count(*) from pulse.fpl_players"
        " where position <= 4 and code in (select fpl_code from pulse.player_mappings)"
    )
    lines = list(mapping_report.mapping_report(work))
    clubs = [row[0] for row in loaded.conn.execute("select name from pulse.fpl_teams")]
    assert all(sum(line.startswith(f"{club}  ") for line in lines) == 1 for club in clubs)
    start = lines.index("The 10 weakest links:")
    bits = [float(line.split()[0]) for line in lines[start + 1 : start + 11]]
    assert bits == sorted(bits)
    assert bits[0] == float(loaded.one("select min(strength) from pulse.player_mappings"))
    assert sum("another profile is linked to him" in line for line in lines) >= 1


def test_a_decision_on_somebody_whom_only_the_lineups_know_rests_until_they_are_there(
    loaded: Pipelines,
) -> None:
    player_id, code = loaded.conn.execute(LINKED_WITH_MINUTES).fetchall()[0]
    decide(loaded, player_id, code, "link")
    decide(loaded, 87_654_321, code, "link")
    loaded.conn.execute("delete from pulse.player_mappings where sofasport_player_id = %s", (player_id,))
    for _ in range(2):
        match_again(loaded)
        assert links_of(loaded)[player_id] == code
        assert 87_654_321 not in links_of(loaded)


def test_taking_back_the_newest_link_does_not_bring_back_an_older_one(loaded: Pipelines) -> None:
    (player_id, code), (_, second), (_, third) = loaded.conn.execute(LINKED_WITH_MINUTES).fetchall()[:3]
    decide(loaded, player_id, second, "link")
    decide(loaded, player_id, third, "link")
    decide(loaded, player_id, third, "withdraw")
    match_again(loaded)
    assert links_of(loaded)[player_id] == code
