"""The sections about data that a check or an alert finds wrong."""

import re
from pathlib import Path

import pytest

from dev.hostile.changes import every, only
from dev.hostile.corruption import NO_DATA, Corruption, Intercepted, Payload
from dev.hostile.others import of_another_resource
from dev.hostile.payloads import drop
from fpl_pulse.api import sofasport
from fpl_pulse.packs.settings import PACKS
from tests.long.runbook import ui
from tests.long.runbook.installation import FIRST_WEEK, HEATMAPS, LINEUPS, MAPPINGS, Installation
from tests.long.runbook.operator import Operator
from tests.long.runbook.situations import DOWN, answering, new_match, one_match, statistics_of_matches

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


@pytest.mark.section("A match without lineups")
def test_a_match_without_lineups(installation: Installation, page: Operator) -> None:
    installation.restore("monday")
    match = new_match(installation)
    installation.source_answers(one_match(NO_DATA, match))
    lineups = installation.run_until("failed", LINEUPS)
    installation.wait_for_alert(LINEUPS, "run_failed")
    seen = installation.evidence(LINEUPS, lineups)
    page.sees(seen)
    assert str(match) in seen
    heatmaps = installation.run_until("failed", HEATMAPS)
    ui.mark_run(installation, LINEUPS, lineups, "success")
    ui.clear(installation, HEATMAPS, heatmaps, "wait_for_update_lineups")
    installation.over_when_green(HEATMAPS, heatmaps)

    installation.source_answers()
    conf = page.fills_in("refresh", {"14025211": match})
    installation.run_until("success", LINEUPS, conf)
    assert "(0 rows)" in page.types("pulse.rejected_records", {"14025211": match})
    ui.clear(installation, LINEUPS, lineups, "check_lineups")
    installation.over_when_green(LINEUPS, lineups)


@pytest.mark.section("A pack was not written")
def test_a_place_of_packs_that_cannot_be_written(installation: Installation, page: Operator) -> None:
    installation.restore("week")
    wednesday = FIRST_WEEK[-1]
    place = Path(installation.environment.get(PACKS) or installation.checkout.folder / "packs")
    aside = place.with_name("packs-of-before")
    if place.exists():
        place.rename(aside)
    place.write_text("no folder")
    run_id = installation.run_until("failed", wednesday)
    seen = installation.evidence(wednesday, run_id)
    page.sees(seen)
    page.is_linked_from(seen)
    place.unlink()
    if aside.exists():
        aside.rename(place)
    assert "the pack of gameweek" in page.types("make pack")
    ui.clear(installation, wednesday, run_id, "write_pack")
    installation.over_when_green(wednesday, run_id)


@pytest.mark.section("A doubtful player or club")
def test_a_pair_in_review_is_decided(installation: Installation, page: Operator) -> None:
    installation.restore("week")
    listed = page.types("make mappings ARGS=review")
    page.sees(_report_of_monday(installation))
    pair = re.search(r"bits  (\d+) .+ = (\d+) ", listed)
    assert pair, listed
    assert pair[1] in page.types("make mappings")
    page.types("accept", {"1234567": pair[1], "456789": pair[2]})
    left = page.types("make mappings ARGS=review")
    assert f"  {pair[1]} " not in left
    linked = "select fpl_code from pulse.player_mappings where sofasport_player_id = %s"
    assert installation.rows(linked, pair[1]) == [(int(pair[2]),)]
    installation.over_when_green(MAPPINGS, installation.run(MAPPINGS))
    assert installation.rows(linked, pair[1]) == [(int(pair[2]),)]
    page.types("withdraw", {"1234567": pair[1], "456789": pair[2]})
    assert installation.rows(linked, pair[1]) == []


def _report_of_monday(installation: Installation) -> str:
    (run_id,) = [one for one in installation.airflow.run_ids(MAPPINGS.slot.dag_id) if one.startswith("scheduled")][:1]
    return "report_mappings\n" + "\n".join(ui.log(installation, MAPPINGS, run_id, "report_mappings"))


@pytest.mark.section("A squad that could not be read")
def test_an_unread_squad_is_read_by_the_next_run(installation: Installation, page: Operator) -> None:
    installation.restore("week")
    installation.change(
        "update pulse.raw_resources set as_of = as_of - interval '4 weeks' where endpoint = %s", sofasport.SQUAD
    )
    team_id = installation.rows("select min(sofasport_team_id) from pulse.team_mappings")[0][0]
    installation.source_answers(answering(DOWN, sofasport.SQUAD, team_id=team_id))
    installation.run_until("success", MAPPINGS)
    alert = installation.wait_for_alert(MAPPINGS, "squad_unread")
    page.sees(alert)
    page.is_linked_from(alert)
    installation.source_answers()
    installation.run_until("success", MAPPINGS)
    assert installation.open_alerts(MAPPINGS) == []


@pytest.mark.section("A moved fixture")
def test_a_played_fixture_without_an_ended_event(installation: Installation, page: Operator) -> None:
    installation.restore("week")
    known = {row[0] for row in installation.rows("select event_id from pulse.sofasport_lineups")}
    late: list[int] = []

    def not_ended(events: Payload, _: Intercepted) -> Payload:
        new = next((one for one in events["events"] if one["id"] not in known and one["status"]["code"] == 100), None)
        if new:
            new["status"] = {"code": 7, "type": "inprogress"}
            late[:] = [new["homeTeam"]["id"]]
        return events

    installation.source_answers(Corruption(sofasport.EVENTS, not_ended, {"course_events": "last", "page": "0"}))
    run_id = installation.run_until("failed", MAPPINGS)
    installation.wait_for_alert(MAPPINGS, "run_failed")
    page.sees(installation.evidence(MAPPINGS, run_id))
    (team_id,) = late
    printed = page.types("home_team_id = 34", {"home_team_id = 34": f"home_team_id = {team_id}"})
    assert re.search(r"\| +7 \| ", printed)
    installation.source_answers()
    ui.clear(installation, MAPPINGS, run_id, "fetch_sofasport_events", downstream=True)
    installation.over_when_green(MAPPINGS, run_id)


@pytest.mark.section("Another match or player")
def test_the_lineups_of_another_match(installation: Installation, page: Operator) -> None:
    installation.restore("monday")
    match = new_match(installation)
    other = Corruption(sofasport.LINEUPS, of_another_resource(), {"event_id": str(match)})
    installation.source_answers(other)
    run_id = installation.run_until("failed", LINEUPS)
    installation.wait_for_alert(LINEUPS, "run_failed")
    reasons = installation.rows("select reason from pulse.rejected_records where resource = %s", f"event_id={match}")
    page.sees("\n".join(row[0] for row in reasons))
    assert installation.rows("select 1 from pulse.sofasport_lineups where event_id = %s", match) == []
    installation.source_answers()
    ui.clear(installation, LINEUPS, run_id, "fetch_lineup", downstream=True)
    installation.over_when_green(LINEUPS, run_id)


@pytest.mark.section("A red check")
def test_a_check_that_finds_too_little(installation: Installation, page: Operator) -> None:
    installation.restore("monday")
    installation.run_until("success", LINEUPS)
    installation.source_answers(answering(NO_DATA, sofasport.HEATMAP))
    run_id = installation.run_until("failed", HEATMAPS)
    installation.wait_for_alert(HEATMAPS, "run_failed")
    seen = installation.evidence(HEATMAPS, run_id)
    page.sees(seen)
    page.is_linked_from(seen)
    assert "heatmaps" in page.types("pulse.coverage")
    ui.mark_run(installation, HEATMAPS, run_id, "success")
    installation.over_when_green(HEATMAPS, run_id)

    # SofaSport has published them after all.
    installation.source_answers()
    installation.run_until("success", HEATMAPS, {"gameweeks": [3], "refresh": True})
    ui.clear(installation, HEATMAPS, run_id, "check_heatmaps")
    installation.over_when_green(HEATMAPS, run_id)


@pytest.mark.section("The API changed its format")
def test_a_renamed_key_of_the_lineups(installation: Installation, page: Operator) -> None:
    installation.restore("monday")

    def renamed(figures: dict[str, object]) -> None:
        if "totalPass" in figures:
            figures["totalPasses"] = figures.pop("totalPass")

    match = new_match(installation)
    broken = Corruption(sofasport.LINEUPS, every("home.players", drop("player")), {"event_id": str(match)})
    changed = Corruption(sofasport.LINEUPS, statistics_of_matches(renamed))
    installation.source_answers(broken, changed)
    run_id = installation.run_until("failed", LINEUPS)
    installation.wait_for_alert(LINEUPS, "run_failed")
    seen = installation.evidence(LINEUPS, run_id)
    page.sees(seen)
    assert "events/lineups" in page.types("group by 1, 2")
    counted = page.types("pulse.key_census")
    assert re.findall(r"^ +(\d) \| totalPass ", counted, re.MULTILINE) == ["1", "2"]
    assert '"totalPasses"' in page.types("pulse.raw_responses")
    assert "Every table is as before." in page.types("ARGS=rehearse")
    page.types("ARGS=rebuild")
    installation.source_answers()
    installation.run_until("success", LINEUPS)
    ui.mark_run(installation, LINEUPS, run_id, "success")


@pytest.mark.section("FPL's response was refused")
def test_half_of_the_fixtures(installation: Installation, page: Operator) -> None:
    installation.restore("week")
    installation.source_answers(Corruption("fpl/fixtures", only("", lambda rows: rows[::2])))
    run_id = installation.run_until("failed", MAPPINGS)
    installation.wait_for_alert(MAPPINGS, "run_failed")
    seen = installation.evidence(MAPPINGS, run_id)
    page.sees(seen)
    page.is_linked_from(seen)
    installation.source_answers()
    ui.clear(installation, MAPPINGS, run_id, "fetch_fpl_reference", downstream=True)
    installation.over_when_green(MAPPINGS, run_id)
