"""The summer between two seasons, with all five pipelines, whichever source opens the new season first.

The season's identity rests on FPL: the week in which FPL opens takes the switch. Until SofaSport lists the season there
is nothing to fetch from it, and nothing to repair: the runs are green and say so, until the first match is near.
"""

import uuid
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
import requests

from dev.hostile.weeks import Installation, Outcome
from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines
from fpl_pulse.week import PIPELINES
from tests.db.identity_resolution import links_of
from tests.db.whole_season import load_first_season

BEFORE_OPENING, OPENING, BOTH_OPEN, FIRST_MATCHES = (
    date(2026, 7, 6),
    date(2026, 7, 20),
    date(2026, 8, 3),
    date(2026, 8, 17),
)
JULY_1, JULY_15, JULY_29 = (f"2026-07-{day}T10:00:00Z" for day in ("01", "15", "29"))
NEW_SEASON = "2026-27"
NOT_LISTED = "SofaSport has no events of 2026-27 yet"


@pytest.fixture(scope="module")
def first_season(postgres: EmbeddedPostgres, _template: str, sandbox: str) -> str:
    """The name of a database with the whole first season."""
    name = "template_first_season"
    postgres.create_database(name, template=_template)
    with psycopg.connect(postgres.dsn(name), autocommit=True) as connection:
        load_first_season(Pipelines(connection, sandbox))
    return name


@pytest.fixture
def installation(
    postgres: EmbeddedPostgres, first_season: str, sandbox: str, no_limits_afterwards: None
) -> Iterator[Installation]:
    """An installation after the first season."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    postgres.create_database(name, template=first_season)
    with psycopg.connect(postgres.dsn(name), autocommit=True) as connection:
        yield Installation.of(Pipelines(connection, sandbox))
    postgres.drop_database(name)


def opens(sandbox: str, *, fpl: str, sofasport: str) -> None:
    """Set when the sources open the new season."""
    body = {"fpl_opens_at": fpl, "sofasport_opens_at": sofasport}
    requests.post(f"{sandbox}/__sandbox__/summer", json=body, timeout=30).raise_for_status()


def truth(sandbox: str, season: str) -> list[dict[str, Any]]:
    """The true pairs of people in a season."""
    response = requests.get(f"{sandbox}/__sandbox__/truth", params={"season": season}, timeout=30)
    players: list[dict[str, Any]] = response.json()["players"]
    return [row for row in players if row["sofasport_player_id"] is not None]


def assert_links_are_right(installation: Installation, sandbox: str, before: Mapping[int, int]) -> None:
    """No link is lost or wrong, and everybody whom both sources list this season has one."""
    links = links_of(installation.pipelines)
    assert before.items() <= links.items()
    old, new = truth(sandbox, "2025-26"), truth(sandbox, NEW_SEASON)
    true = {row["sofasport_player_id"]: row["fpl_code"] for row in (*old, *new)}
    assert {pair for pair in links.items() if true[pair[0]] != pair[1]} == set()
    listed = {row["sofasport_player_id"]: row["fpl_code"] for row in new if row["fpl_code"] is not None}
    assert len(listed) > 600
    assert listed.items() - links.items() == set()
    replaced = set(listed) - {row["sofasport_player_id"] for row in old}
    assert sum(listed[player_id] in before.values() for player_id in replaced) == 2
    clubs = "select count(*) from pulse.team_mappings where fpl_team_code in (select code from pulse.fpl_teams"
    assert installation.pipelines.one(f"{clubs} where season = %s)", NEW_SEASON) == 20
    assert installation.pipelines.one("select count(*) from pulse.alerts") == 0


def green_week(installation: Installation, monday: date, only: Collection[str] = PIPELINES) -> dict[str, Outcome]:
    """Play a week that must be green."""
    outcomes = installation.week(monday, only=[*only])
    assert all(outcome.is_green for outcome in outcomes.values()), outcomes
    return outcomes


def calls_of_week(installation: Installation, monday: date) -> dict[str, int]:
    """Endpoint -> calls to SofaSport in a week."""
    rows = installation.pipelines.conn.execute(
        "select endpoint, count(*) from pulse.api_calls join pulse.pipeline_runs as runs using (run_id)"
        " where api = 'sofasport' and runs.as_of between %s and %s group by 1",
        (monday, monday + timedelta(days=6)),
    )
    return dict(rows.fetchall())


def season(installation: Installation) -> str:
    """The season that a run would work for."""
    context = installation.pipelines.context(
        "update_fixture_mappings", installation.pipelines.one("select max(as_of) from pulse.pipeline_runs")
    )
    return str(context.season())


def test_sofasport_opens_first(installation: Installation, sandbox: str) -> None:
    opens(sandbox, fpl=JULY_15, sofasport=JULY_1)
    before = links_of(installation.pipelines)
    green_week(installation, BEFORE_OPENING)
    calls = calls_of_week(installation, BEFORE_OPENING)
    assert not calls.keys() & {"events/lineups", "events/player-heatmap", "players/statistics/result"}
    assert sum(calls.values()) < 150
    assert season(installation) == "2025-26"
    assert before.items() <= links_of(installation.pipelines).items()

    outcomes = green_week(installation, OPENING)
    assert season(installation) == NEW_SEASON
    assert "clubs linked 20/20, fixtures with an event 380/380" in outcomes["update_fixture_mappings"].sentence
    assert_links_are_right(installation, sandbox, before)

    outcomes = green_week(installation, FIRST_MATCHES)
    assert "matches 10/10, fixtures reconciled 10/10" in outcomes["update_lineups"].sentence
    assert_links_are_right(installation, sandbox, before)


def test_fpl_opens_first(installation: Installation, sandbox: str) -> None:
    opens(sandbox, fpl=JULY_15, sofasport=JULY_29)
    before = links_of(installation.pipelines)
    outcomes = green_week(installation, OPENING)
    assert season(installation) == NEW_SEASON
    assert outcomes["update_fixture_mappings"].sentence.startswith(NOT_LISTED)
    # The list of seasons, in each run that needs the id.
    assert sum(calls_of_week(installation, OPENING).values()) <= 2
    assert before.items() <= links_of(installation.pipelines).items()

    green_week(installation, BOTH_OPEN)
    assert_links_are_right(installation, sandbox, before)
