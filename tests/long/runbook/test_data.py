"""The sections about a new season, lost data, missing weeks and the sending of alerts."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from dev.local.week_run import PlannedRun, plan_week
from fpl_pulse.week import PIPELINES
from tests.db.sinks import Sink, sink
from tests.local.typed_commands import output
from tests.long.runbook import ui
from tests.long.runbook.installation import HEATMAPS, WEEK, Installation
from tests.long.runbook.operator import Operator

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

SUMMER = plan_week(date(2026, 7, 27))
"""Both sources have opened the new season, and no match was played yet."""


@pytest.mark.section("A new season")
def test_the_first_week_of_a_new_season(installation: Installation, page: Operator) -> None:
    installation.restore("week")
    page.sees_row("August")
    monday, *others = SUMMER
    installation.run_until("success", monday)
    assert installation.rows("select max(season) from pulse.fpl_gameweeks") == [("2026-27",)]
    assert installation.rows("select count(distinct season) from pulse.sofasport_events") == [(2,)]
    page.types("make mappings ARGS=review")
    for planned in others:
        run_id = installation.run_until("success", planned)
        assert installation.calls(run_id) == 0
        assert installation.open_alerts(planned) == []
    assert "ALL RIGHT. All 5 runs have succeeded." in output(installation.type("make status"))


@pytest.mark.section("Restoring data")
def test_deleted_rows_a_rebuild_and_a_backup(installation: Installation, page: Operator) -> None:
    installation.restore("week")
    page.sees_row("rows are wrong or missing")
    digest = output(installation.type("make archive"))
    heatmaps = "select count(*) from pulse.sofasport_heatmaps"
    before = installation.rows(heatmaps)
    installation.change("delete from pulse.sofasport_heatmaps where player_id % 3 = 0".replace("%", "%%"))
    (run_id,) = installation.airflow.run_ids(HEATMAPS.slot.dag_id)
    calls = installation.calls(run_id)
    ui.clear(installation, HEATMAPS, run_id, "load_heatmaps")
    installation.over_when_green(HEATMAPS, run_id)
    assert (installation.rows(heatmaps), installation.calls(run_id)) == (before, calls)

    installation.change("update pulse.sofasport_lineup_players set minutes = 1 where minutes > 80")
    page.types("ARGS=rebuild")
    for dag_id in PIPELINES:
        ui.pause(installation, dag_id)
    page.types("make backup")
    installation.replace_data("empty")
    page.types("make restore")
    assert _same(page.types("make archive"), digest)
    assert "sofasport_heatmaps" in page.types("digest --season 2025-26")
    for dag_id in PIPELINES:
        ui.unpause(installation, dag_id)
    for planned in WEEK:
        installation.over_when_green(planned, installation.run(planned))


def _same(digest: str, other: str) -> bool:
    """Whether two digests are equal, apart from the rows about runs: the clear was recorded."""
    lines = [set(text.splitlines()) for text in (digest, other)]
    return {line.split()[0] for line in lines[0] ^ lines[1] if line.split()} <= {"all"}


@pytest.mark.section("Catching up")
def test_two_missing_weeks_by_backfills(installation: Installation, page: Operator) -> None:
    installation.restore("week")
    page.sees_row("several weeks are missing")
    weeks = [plan_week(date(2025, 9, 1)), plan_week(date(2025, 9, 8))]
    installation.sandbox.source.set_clock(weeks[-1][-1].as_of + timedelta(hours=3))
    page.types("backfill create")
    for planned in WEEK:
        for run_id in _backfill_runs(installation, planned, len(weeks)):
            assert installation.wait_for_end(planned, run_id) == "success", installation.evidence(planned, run_id)
    recorded = installation.rows(
        "select dag_id, as_of from pulse.pipeline_runs where run_type = 'backfill' and state = 'success' order by 2"
    )
    assert recorded == [(one.slot.dag_id, one.as_of) for week in weeks for one in week]
    installation.wait_until(
        "the backfills have ended",
        lambda: not installation.airflow_rows("select 1 from backfill where completed_at is null"),
    )


def _backfill_runs(installation: Installation, planned: PlannedRun, number: int) -> list[str]:
    found: list[str] = []

    def exist() -> bool:
        run_ids = installation.airflow.run_ids(planned.slot.dag_id)
        found[:] = sorted(one for one in run_ids if one.startswith("backfill__"))
        return len(found) == number

    installation.wait_until(f"the backfill runs of {planned.slot.dag_id} exist", exist)
    return found


@pytest.fixture
def recipient() -> Iterator[Sink]:
    """A service that receives alerts."""
    with sink() as started:
        yield started


@pytest.mark.section("Sending alerts")
def test_an_alert_is_sent_and_recorded(installation: Installation, page: Operator, recipient: Sink) -> None:
    installation.restore("week")
    page.sees_row("no alerts by e-mail or chat")
    chat = '{"path": "slack://TOKEN_A/TOKEN_B/TOKEN_C"}, {"path": "discord://ID/TOKEN"}, {"path": "tgram://BOT/CHAT"}'
    to_the_recipient = {
        "mailtos://USER:PASSWORD@HOST?to=OPERATOR@EXAMPLE.ORG": recipient.url,
        chat: f'{{"path": "{recipient.url}"}}',
    }
    with (installation.checkout.folder / ".env").open("a") as file:
        file.write(page.next("AIRFLOW_CONN_FPL_PULSE_ALERTS", to_the_recipient) + "\n")
    page.types("make down")
    page.types("make up")
    known = installation.airflow.run_ids(HEATMAPS.slot.dag_id)
    page.types("dags trigger collect_heatmaps")
    (run_id,) = installation.airflow.run_ids(HEATMAPS.slot.dag_id) - known
    assert installation.wait_for_end(HEATMAPS, run_id) == "failed"
    installation.wait_until("the alert has arrived", lambda: bool(recipient.received), 60)
    assert "gameweek" in recipient.received[0]["message"]
    unsent = "select 1 from pulse.alerts where notified_at is null"
    installation.wait_until("it is recorded as sent", lambda: not installation.rows(unsent), 30)
    sent = page.types("pulse.alerts").splitlines()[2]
    assert re.match(r" run_failed +\| .+ \| 20\d\d-\d\d-\d\d ", sent), sent
