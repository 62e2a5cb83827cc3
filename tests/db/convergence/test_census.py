"""Renamed and missing keys, and invalid fields: two clean weeks later the tables are right, and not wrong before."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from dev.hostile.corruption import NO_DATA, Change, Corruption, Intercepted, Payload, Reply
from dev.hostile.weeks import Installation, differences
from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines
from tests.db.convergence.conftest import CLEAN_WEEKS, FAULT_WEEK

IN_TURNS = {"sofasport_attributes", "sofasport_position_averages"}
"""Attributes are read in every second week (docs/adr/0003), if a match of the player was loaded or corrected since.
After a fault they can therefore be of another week."""


@pytest.fixture(scope="session")
def clean_after_two_weeks(postgres: EmbeddedPostgres, first_week: str, sandbox: str) -> Iterator[Pipelines]:
    """An installation after the fault week and the clean weeks, without a fault."""
    postgres.create_database("census_never_saw", template=first_week)
    with psycopg.connect(postgres.dsn("census_never_saw"), autocommit=True) as conn:
        clean = Pipelines(conn, sandbox)
        for monday in [FAULT_WEEK, *CLEAN_WEEKS]:
            make_squads_due(clean)
            assert all(one.is_green for one in Installation.of(clean).week(monday).values())
        yield clean


def make_squads_due(pipelines: Pipelines) -> None:
    """Let the next run request all squads, as a run does after four weeks."""
    statement = "update pulse.raw_resources set as_of = as_of - interval '28 days' where endpoint = 'teams/players'"
    pipelines.conn.execute(statement)


Fault = Callable[[dict[str, Any]], None]
"""Corrupts a record in place."""


@dataclass(frozen=True)
class Scenario:
    """What is served in the fault week, and what the runs say about it."""

    corruptions: Sequence[Corruption]
    red: str | None = None
    """The pipeline that fails."""
    says: Sequence[str] = ()
    """Parts of the sentence of that run."""
    true: str | None = None
    """A query that returns true after the fault week."""


def entries_of(payload: Payload) -> Iterator[dict[str, Any]]:
    for side in ("home", "away"):
        yield from payload[side]["players"]


def statistics_of(payload: Payload) -> Iterator[dict[str, Any]]:
    yield from (entry["statistics"] for entry in entries_of(payload) if entry.get("statistics"))


def people_of(payload: Payload) -> Iterator[dict[str, Any]]:
    yield from (entry["player"] for entry in entries_of(payload))


def listed_in(key: str) -> Callable[[Payload], list[dict[str, Any]]]:
    return lambda payload: payload[key]


def live_stats(payload: Payload) -> Iterator[dict[str, Any]]:
    yield from (element["stats"] for element in payload["elements"])


def first(records: Callable[[Payload], Any], count: int = 1) -> Callable[[Payload], Any]:
    return lambda payload: list(records(payload))[3 : 3 + count]


def in_each(endpoint: str, records: Callable[[Payload], Any], change: Fault, every: int = 1) -> Corruption:
    """Change records of the responses; with `every`, only of responses whose first id is divisible by it."""

    def changed(payload: Payload, intercepted: Intercepted) -> Payload | Reply:
        if payload is None:
            return NO_DATA
        ids = [int(value) for name, value in sorted(intercepted.params.items()) if name in ("event_id", "player_id")]
        if not ids or ids[-1] % every == 0:
            for record in records(payload):
                change(record)
        return payload

    return Corruption(endpoint, changed)


def renamed(old: str, new: str) -> Fault:
    def change(record: dict[str, Any]) -> None:
        if old in record:
            record[new] = record.pop(old)

    return change


def dropped(*keys: str) -> Fault:
    def change(record: dict[str, Any]) -> None:
        for key in keys:
            record.pop(key, None)

    return change


def values(**new: object) -> Fault:
    def change(record: dict[str, Any]) -> None:
        record.update({key: value for key, value in new.items() if key in record})

    return change


def whole_list(payload: Payload) -> list[dict[str, Any]]:
    return list(payload)


def fractional(point: dict[str, Any]) -> None:
    point["x"] = point["x"] - 0.4 if point["x"] else 0.2
    point["y"] = str(point["y"] - 0.3 if point["y"] else 0.1)


LINEUPS, HEATMAP, SEASON = "events/lineups", "events/player-heatmap", "players/statistics/result"
ATTRIBUTES, SQUAD, EVENTS = "players/attribute-overviews", "teams/players", "seasons/events"
LIVE, BOOTSTRAP, FIXTURES = "fpl/event/live", "fpl/bootstrap-static", "fpl/fixtures"


def season_figures(body: Payload) -> list[dict[str, Any]]:
    return [body["statistics"]]


def squad_players(body: Payload) -> list[dict[str, Any]]:
    return [entry["player"] for entry in body["players"]]


def sides(match: Payload) -> list[dict[str, Any]]:
    return [match["home"], match["away"]]


def home_clubs(body: Payload) -> list[dict[str, Any]]:
    return [event["homeTeam"] for event in body["events"]]


def with_decimals(row: dict[str, Any]) -> None:
    row["tactical"] += 0.3


SCENARIOS = {
    "odd values of single records": Scenario(
        [
            in_each(LINEUPS, first(entries_of, 2), values(shirtNumber="10A", position="ST")),
            in_each(LINEUPS, first(people_of, 2), values(height=183.5, dateOfBirthTimestamp=10**12, name=7)),
            in_each(LINEUPS, first(statistics_of), values(rating=42, expectedGoals="abc", touches=12.5)),
            in_each(LINEUPS, lambda match: list(statistics_of(match))[6:7], renamed("totalPass", "totalPasses")),
            in_each(LINEUPS, lambda match: list(statistics_of(match))[7:16], dropped("goalAssist")),
            in_each(LINEUPS, lambda match: list(statistics_of(match))[16:18], dropped("totalPass", "touches")),
            in_each(LINEUPS, sides, values(formation=5)),
            in_each(HEATMAP, whole_list, fractional),
            in_each(SEASON, season_figures, values(accuratePassesPercentage=400, tackles="x"), every=9),
            in_each(ATTRIBUTES, listed_in("playerAttributeOverviews"), with_decimals, every=3),
            in_each(LIVE, first(live_stats, 40), values(expected_goals="abc", bps="many")),
            in_each(FIXTURES, first(whole_list, 2), values(event=99)),
            in_each(
                BOOTSTRAP,
                first(listed_in("elements"), 20),
                values(birth_date="x", now_cost="cheap", web_name=7, status=1, total_points="many"),
            ),
            in_each(SQUAD, first(squad_players, 2), values(jerseyNumber="10A")),
            in_each(EVENTS, home_clubs, values(name=5, shortName=6)),
        ],
        true="select (select count(*) = 0 from pulse.fpl_players where total_points is null or web_name = '7')"
        " and not exists (select from pulse.sofasport_lineup_players where minutes > 20 and passes = 0)",
    ),
    "impossible minutes of single players": Scenario(
        [in_each(LINEUPS, first(statistics_of), values(minutesPlayed=900), every=4)],
        "update_lineups",
        ["linked players whose minutes or goals are not FPL's final ones"],
    ),
    "one point without a coordinate in some heatmaps": Scenario(
        [in_each(HEATMAP, first(whole_list), dropped("y"), every=5)]
    ),
    "renamed keys of the lineups": Scenario(
        [
            in_each(LINEUPS, statistics_of, renamed("totalPass", "totalPasses")),
            in_each(LINEUPS, statistics_of, dropped("goalAssist")),
            in_each(LINEUPS, statistics_of, values(rating="good")),
            in_each(LINEUPS, entries_of, renamed("captain", "isCaptain")),
            in_each(LINEUPS, entries_of, renamed("shirtNumber", "shirt")),
            in_each(LINEUPS, people_of, renamed("dateOfBirthTimestamp", "birthTimestamp")),
        ],
        "update_lineups",
        [
            "events/lineups lacks the key totalPass",
            "likeliest new name is totalPasses",
            "lacks the key goalAssist",
            "lacks the key rating",
            "lacks the key captain",
            "likeliest new name is player.birthTimestamp",
        ],
        "select not exists (select from pulse.sofasport_lineup_players as players join pulse.event_gameweeks"
        " using (event_id) where minutes > 0 and (passes = 0 and minutes > 20 or gameweek = 3 and assists = 0))",
    ),
    "renamed passes in three lineups": Scenario(
        [in_each(LINEUPS, statistics_of, renamed("totalPass", "totalPasses"), every=7)],
        "update_lineups",
        ["likeliest new name is totalPasses"],
        "select not exists (select from pulse.sofasport_lineup_players where minutes > 20 and passes = 0)",
    ),
    "renamed minutes": Scenario(
        [in_each(LINEUPS, statistics_of, renamed("minutesPlayed", "minutes"))],
        "update_lineups",
        ["lacks the key minutesPlayed", "likeliest new name is minutes"],
        "select not exists (select from pulse.sofasport_lineup_players where minutes = 0 and statistics ? 'touches')",
    ),
    "nobody says who started": Scenario(
        [in_each(LINEUPS, entries_of, renamed("substitute", "isSubstitute"))],
        "update_lineups",
        ["matches that have no lineups"],
    ),
    "renamed keys of season statistics": Scenario(
        [
            in_each(SEASON, season_figures, renamed("totalPasses", "passesTotal")),
            in_each(SEASON, season_figures, dropped("assists", "tackles")),
        ],
        "update_season_stats",
        [
            "players/statistics/result lacks the key totalPasses",
            "likeliest new name is passesTotal",
            "lacks the key assists",
            "lacks the key tackles",
        ],
        "select not exists (select from pulse.sofasport_season_statistics where minutes > 20 and passes = 0)",
    ),
    "a renamed coordinate": Scenario(
        [in_each(HEATMAP, whole_list, renamed("y", "posY"))],
        "collect_heatmaps",
        ["events/player-heatmap lacks the key y", "likeliest new name is posY"],
    ),
    "renamed axes": Scenario(
        [
            in_each(ATTRIBUTES, listed_in("playerAttributeOverviews"), renamed("attacking", "attack")),
            in_each(ATTRIBUTES, listed_in("averageAttributeOverviews"), renamed("attacking", "attack")),
            in_each(ATTRIBUTES, listed_in("playerAttributeOverviews"), renamed("yearShift", "year"), every=2),
        ],
        "update_radar_attributes",
        ["playerAttributeOverviews.attacking", "playerAttributeOverviews.yearShift"],
    ),
    "renamed keys on Monday": Scenario(
        [
            in_each(LIVE, live_stats, dropped("expected_goals", "bps", "starts")),
            in_each(FIXTURES, whole_list, renamed("event", "gameweek")),
            in_each(FIXTURES, whole_list, renamed("started", "has_started")),
            in_each(BOOTSTRAP, listed_in("elements"), renamed("total_points", "points_total")),
            in_each(BOOTSTRAP, listed_in("elements"), renamed("birth_date", "date_of_birth")),
            in_each(BOOTSTRAP, listed_in("teams"), renamed("short_name", "code_name")),
            in_each(EVENTS, listed_in("events"), dropped("roundInfo", "slug")),
            in_each(SQUAD, squad_players, renamed("jerseyNumber", "number")),
        ],
        "update_fixture_mappings",
        [
            "fpl/event/live lacks the key bps",
            "fpl/fixtures lacks the key event",
            "fpl/fixtures lacks the key started",
            "likeliest new name is has_started",
            "lacks the key total_points",
            "lacks the key birth_date",
            "lacks the key short_name",
            "seasons/events lacks the key slug",
        ],
        "select (select count(*) = 380 from pulse.fpl_fixtures where gameweek is not null)"
        " and (select count(*) = 0 from pulse.fpl_players where total_points is null)"
        " and not exists (select from pulse.fpl_player_fixtures where gameweek < 3 and bps is null)",
    ),
    "FPL's live figures are null": Scenario(
        [in_each(LIVE, live_stats, values(expected_goals=None, bps=None))],
        "update_fixture_mappings",
        ["fpl/event/live lacks the key bps"],
        "select not exists (select from pulse.fpl_player_fixtures where gameweek < 3 and bps is null)",
    ),
    "renamed starts of events": Scenario(
        [in_each(EVENTS, listed_in("events"), renamed("startTimestamp", "startTime"))],
        "update_fixture_mappings",
        ["no event has startTimestamp", "startTime"],
    ),
}
"""Name -> scenario."""


def together(corruptions: Sequence[Corruption]) -> list[Corruption]:
    """Corruptions of the same endpoint as one: an installation applies the first that fits."""
    found: dict[str, list[Corruption]] = {}
    for one in corruptions:
        found.setdefault(one.endpoint, []).append(one)

    def all_of(several: list[Corruption]) -> Change:
        def change(payload: Payload, intercepted: Intercepted) -> Any:  # noqa: ANN401
            for one in several:
                payload = payload if isinstance(payload, Reply) else one.change(payload, intercepted)
            return payload

        return change

    return [Corruption(endpoint, all_of(several)) for endpoint, several in found.items()]


@pytest.mark.parametrize("name", SCENARIOS)
def test_two_clean_weeks_later_the_tables_are_right(
    loaded: Pipelines, clean_after_two_weeks: Pipelines, name: str
) -> None:
    scenario = SCENARIOS[name]
    make_squads_due(loaded)
    installation = Installation.of(loaded)
    corruptions = together(scenario.corruptions)
    outcomes = installation.week(FAULT_WEEK, corruptions)
    for dag_id, outcome in outcomes.items():
        print(dag_id, outcome.state, outcome.sentence)
    assert [one.endpoint for one in corruptions if not one.corrupted] == []
    red = next((dag_id for dag_id, outcome in outcomes.items() if outcome.state == "failed"), None)
    rejected = loaded.conn.execute("select endpoint, path, reason from pulse.rejected_records limit 3").fetchall()
    print("rejected", loaded.one("select count(*) from pulse.rejected_records"), rejected)
    assert red == scenario.red
    for part in scenario.says:
        assert part in outcomes[str(red)].sentence
    if scenario.true:
        assert loaded.one(scenario.true)
    for monday in CLEAN_WEEKS:
        make_squads_due(loaded)
        for dag_id, outcome in installation.week(monday).items():
            print(dag_id, outcome.state, outcome.sentence)
            assert outcome.is_green
    found = [str(one) for one in differences(loaded, clean_after_two_weeks) if one.table not in IN_TURNS]
    assert found == []
