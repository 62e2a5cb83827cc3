"""Responses about other matches than the requested ones: the right data wins, without an operator.

Each scenario corrupts SofaSport's responses of one week. What is wrong is either refused or makes a run red, and two
clean weeks later the tables are those of an installation that never saw the fault.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta

import psycopg
import pytest

from dev.hostile.corruption import Corruption, Intercepted, Payload
from dev.hostile.weeks import Installation, Outcome, differences
from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines
from dev.sandbox.season import Season
from dev.sandbox.sofasport_events import TOURNAMENT_ID
from fpl_pulse.week import PIPELINES
from tests.db.convergence.conftest import CLEAN_WEEKS, FAULT_WEEK
from tests.installations import FIRST_MONDAY

CALENDAR = ("update_fixture_mappings",)
MATCHES = ("update_fixture_mappings", "update_lineups")
HEATMAPS = (*MATCHES, "collect_heatmaps")
TOTALS = (*MATCHES, "update_season_stats")
RADAR = (*MATCHES, "update_radar_attributes")

FILLED_BY = {
    "update_lineups": {
        "sofasport_lineups", "sofasport_lineup_players", "fixture_reconciliations", "figure_differences",
    },
    "collect_heatmaps": {"sofasport_heatmaps"},
    "update_season_stats": {
        "sofasport_season_statistics", "figure_differences", "fpl_players", "fpl_gameweeks", "fpl_fixtures",
        "fpl_player_fixtures",
    },
    "update_radar_attributes": {"sofasport_attributes", "sofasport_position_averages"},
}  # fmt: skip
"""Tables that are not compared when their pipeline does not run, beside those that follow from them."""
FOLLOWING = {"mapping_candidates", "player_mappings", "sofasport_players", "fpl_player_fixtures"}

STORED_AS_SERVED = {
    "sofasport_events", "sofasport_lineups", "sofasport_lineup_players", "sofasport_squads", "sofasport_heatmaps",
    "sofasport_season_statistics", "sofasport_attributes",
}  # fmt: skip


@dataclass(frozen=True)
class Clean:
    """Installations that never saw a fault."""

    before: Pipelines
    after_the_fault: Pipelines
    at_the_end: Pipelines


@pytest.fixture(scope="session")
def clean(postgres: EmbeddedPostgres, first_week: str, sandbox: str) -> Iterator[Clean]:
    postgres.create_database("clean_matches_before", template=first_week)
    postgres.create_database("clean_matches", template=first_week)
    with psycopg.connect(postgres.dsn("clean_matches"), autocommit=True) as conn:
        installation = Installation.of(Pipelines(conn, sandbox))
        assert [one for one in installation.week(FAULT_WEEK).values() if not one.is_green] == []
    postgres.create_database("clean_matches_end", template="clean_matches")
    with (
        psycopg.connect(postgres.dsn("clean_matches_before"), autocommit=True) as before,
        psycopg.connect(postgres.dsn("clean_matches"), autocommit=True) as after,
        psycopg.connect(postgres.dsn("clean_matches_end"), autocommit=True) as end,
    ):
        installation = Installation.of(Pipelines(end, sandbox))
        for monday in CLEAN_WEEKS:
            assert [one for one in installation.week(monday).values() if not one.is_green] == []
        yield Clean(Pipelines(before, sandbox), Pipelines(after, sandbox), installation.pipelines)


def not_filled(only: Sequence[str]) -> set[str]:
    """The tables of the pipelines that do not run."""
    return {name for dag_id in PIPELINES if dag_id not in only for name in FILLED_BY.get(dag_id, ())}


def compared(only: Sequence[str], found: Pipelines, clean: Pipelines) -> list[str]:
    """How the tables that the pipelines fill differ from the clean ones."""
    skipped = not_filled(only)
    if {*only} != {*PIPELINES}:
        skipped |= {"key_census"}
    if "update_lineups" not in only:
        skipped |= FOLLOWING
    return [str(one) for one in differences(found, clean) if one.table not in skipped]


def play(
    loaded: Pipelines,
    clean: Clean,
    corruptions: Sequence[Corruption],
    only: Sequence[str],
    *,
    may_be_green: bool = False,
) -> dict[str, Outcome]:
    """Play the fault week and the clean weeks; return how the runs of the fault week ended."""
    installation = Installation.of(loaded)
    fault_week = installation.week(FAULT_WEEK, corruptions, only)
    assert all(one.corrupted for one in corruptions)
    for dag_id, outcome in fault_week.items():
        print("fault", dag_id, outcome.state, outcome.sentence)
    # A row that is only older than it should be is not wrong.
    old = {one.table: {*one.surplus} for one in differences(loaded, clean.before)}
    wrong = [
        f"{one.table}: {row}"
        for one in differences(loaded, clean.after_the_fault)
        if one.table in STORED_AS_SERVED - not_filled(only)
        for row in one.surplus
        if row in old.get(one.table, ())
    ]
    if wrong and not may_be_green:
        assert not all(one.is_green for one in fault_week.values()), wrong[:3]
    for monday in CLEAN_WEEKS:
        outcomes = installation.week(monday, only=only)
        for dag_id, outcome in outcomes.items():
            print("clean", dag_id, outcome.state, outcome.sentence)
    assert all(one.is_green for one in outcomes.values()), outcomes
    assert compared(only, loaded, clean.at_the_end) == []
    return fault_week


# --- choosing matches -------------------------------------------------------------------------------------------


def coming_matches(loaded: Pipelines) -> list[int]:
    """The events that are played between the base week and the fault week, by kick-off."""
    rows = loaded.conn.execute(
        "select event_id from pulse.sofasport_events where start_at >= %s and start_at < %s"
        " order by start_at, event_id",
        (FIRST_MONDAY + timedelta(days=3), FAULT_WEEK),
    )
    return [event_id for (event_id,) in rows.fetchall()]


def played_matches(loaded: Pipelines) -> list[int]:
    """The events with stored lineups that are requested again in the fault week, by kick-off."""
    rows = loaded.conn.execute(
        "select event_id from pulse.sofasport_events where exists (select from pulse.sofasport_lineups as lineups"
        " where lineups.event_id = sofasport_events.event_id) order by start_at desc, event_id"
    )
    return [event_id for (event_id,) in rows.fetchall()]


# --- corruptions ------------------------------------------------------------------------------------------------


def served_for(endpoint: str, wanted: dict[str, int], served: Mapping[str, object]) -> Corruption:
    """Serve the response of other parameters."""
    query = "&".join(f"{name}={value}" for name, value in served.items())

    def other(_: Payload, asked: Intercepted) -> Payload:
        return asked.fetch(f"/v1/{endpoint}?{query}")

    return Corruption(endpoint, other, {name: str(value) for name, value in wanted.items()})


def exchanged(endpoint: str, one: dict[str, int], other: dict[str, int]) -> list[Corruption]:
    return [served_for(endpoint, one, other), served_for(endpoint, other, one)]


def with_sides_exchanged(payload: Payload, _: Intercepted) -> Payload:
    payload["home"], payload["away"] = payload["away"], payload["home"]
    return payload


def without_team_ids(payload: Payload, _: Intercepted) -> Payload:
    for side in ("home", "away"):
        for entry in payload[side]["players"]:
            entry.pop("teamId", None)
    return payload


def then(*changes: Callable[[Payload, Intercepted], Payload]) -> Callable[[Payload, Intercepted], Payload]:
    def all_of_them(payload: Payload, asked: Intercepted) -> Payload:
        for change in changes:
            payload = change(payload, asked)
        return payload

    return all_of_them


def lineups(change: Callable[[Payload, Intercepted], Payload], event_id: int | None = None) -> Corruption:
    return Corruption("events/lineups", change, {} if event_id is None else {"event_id": str(event_id)})


def each_event(
    change: Callable[[dict[str, object]], None], choose: Callable[[dict[str, object]], bool] = lambda _: True
) -> Callable[[Payload, Intercepted], Payload]:
    """Change chosen events of a page in place."""

    def changed(payload: Payload, _: Intercepted) -> Payload:
        for event in payload["events"]:
            if choose(event):
                change(event)
        return payload

    return changed


Scenario = Callable[[Pipelines], list[Corruption]]


@dataclass(frozen=True)
class Named:
    """A scenario with the pipelines that it concerns."""

    build: Scenario
    only: Sequence[str] = MATCHES
    may_be_green: bool = False
    """What is stored beside the right data does not count."""


def two_coming(loaded: Pipelines) -> list[Corruption]:
    one, other = coming_matches(loaded)[:2]
    return exchanged("events/lineups", {"event_id": one}, {"event_id": other})


def two_played(loaded: Pipelines) -> list[Corruption]:
    one, other = played_matches(loaded)[:2]
    return exchanged("events/lineups", {"event_id": one}, {"event_id": other})


def exchanged_without_team_ids(loaded: Pipelines) -> list[Corruption]:
    one, other = coming_matches(loaded)[:2]

    def swapped(_: Payload, asked: Intercepted) -> Payload:
        wanted = other if asked.params["event_id"] == str(one) else one
        return without_team_ids(asked.fetch(f"/v1/events/lineups?event_id={wanted}"), asked)

    return [lineups(swapped, one), lineups(swapped, other)]


def older_match_of_the_home_club(loaded: Pipelines) -> list[Corruption]:
    """The club's match of the week before is served."""
    wanted, served = loaded.conn.execute(
        "select coming.event_id, before.event_id from pulse.sofasport_events as coming"
        " join pulse.sofasport_events as before on coming.home_team_id in (before.home_team_id, before.away_team_id)"
        " where coming.event_id = any(%s) and before.event_id = any(%s) order by coming.event_id limit 1",
        (coming_matches(loaded), played_matches(loaded)),
    ).fetchone() or (0, 0)
    return [served_for("events/lineups", {"event_id": wanted}, {"event_id": served})]


def no_minutes_right(payload: Payload, _: Intercepted) -> Payload:
    for side in ("home", "away"):
        for entry in payload[side]["players"]:
            if (entry.get("statistics") or {}).get("minutesPlayed"):
                entry["statistics"]["minutesPlayed"] = 45
    return payload


def scorer_with_two_more(payload: Payload, _: Intercepted) -> Payload:
    player = next(one for one in payload["home"]["players"] if one.get("statistics", {}).get("minutesPlayed"))
    player["statistics"]["goals"] = player["statistics"].get("goals", 0) + 2
    return payload


def a_stranger_plays(event_id: int) -> Callable[[Payload, Intercepted], Payload]:
    """A player of another match takes the place of a starter."""

    def changed(payload: Payload, asked: Intercepted) -> Payload:
        other = asked.fetch(f"/v1/events/lineups?event_id={event_id}")
        payload["home"]["players"][3] = other["home"]["players"][3]
        return payload

    return changed


def three_change_sides(payload: Payload, _: Intercepted) -> Payload:
    home, away = payload["home"]["players"], payload["away"]["players"]
    home[2:5], away[2:5] = away[2:5], home[2:5]
    return payload


LINEUPS = {
    "two matches exchanged": Named(two_coming),
    "two stored matches exchanged": Named(two_played),
    "two matches exchanged, without club ids": Named(exchanged_without_team_ids),
    "an older match of the home club": Named(older_match_of_the_home_club),
    "sides exchanged": Named(lambda loaded: [lineups(with_sides_exchanged, coming_matches(loaded)[0])]),
    "sides of all matches exchanged": Named(lambda _: [lineups(with_sides_exchanged)]),
    "sides exchanged, without club ids": Named(
        lambda loaded: [lineups(then(with_sides_exchanged, without_team_ids), coming_matches(loaded)[1])]
    ),
    "three players on the other side": Named(lambda loaded: [lineups(three_change_sides, coming_matches(loaded)[0])]),
    "a player of another match": Named(
        lambda loaded: [lineups(a_stranger_plays(coming_matches(loaded)[1]), coming_matches(loaded)[0])]
    ),
    "all minutes are 45": Named(lambda loaded: [lineups(no_minutes_right, coming_matches(loaded)[0])]),
    "two goals too many": Named(lambda loaded: [lineups(scorer_with_two_more, played_matches(loaded)[0])]),
    "two goals too many at first": Named(lambda loaded: [lineups(scorer_with_two_more, coming_matches(loaded)[0])]),
}


@pytest.mark.parametrize("name", LINEUPS)
def test_lineups(loaded: Pipelines, clean: Clean, name: str) -> None:
    scenario = LINEUPS[name]
    play(loaded, clean, scenario.build(loaded), scenario.only)


# --- events -----------------------------------------------------------------------------------------------------

CUP = {"name": "EFL Cup", "uniqueTournament": {"name": "EFL Cup", "id": 21}, "id": 9}
NEW_ID = 99_000_000


def pages(change: Callable[[Payload, Intercepted], Payload], **params: str) -> Corruption:
    return Corruption("seasons/events", change, params)


def a_cup_tie(*, says_so: bool = True) -> Callable[[Payload, Intercepted], Payload]:
    """Between two clubs that meet in the league later: ended, without a league round."""

    def added(payload: Payload, asked: Intercepted) -> Payload:
        coming = asked.fetch(
            "/v1/seasons/events?seasons_id={seasons_id}&unique_tournament_id={unique_tournament_id}"
            "&course_events=next&page=3".format(**asked.params)
        )
        tie = deepcopy(payload["events"][-1])
        tie.update(id=NEW_ID, homeTeam=coming["events"][0]["homeTeam"], awayTeam=coming["events"][0]["awayTeam"])
        if says_so:
            tie.update(tournament=CUP, season={"id": 4711, "year": "25/26"})
        else:
            del tie["tournament"], tie["season"]
        payload["events"].append(tie)
        return payload

    return added


def of_another_season(payload: Payload, _: Intercepted) -> Payload:
    for number, event in enumerate(payload["events"]):
        event.update(id=NEW_ID + number, season={"id": 71_902, "year": "24/25"})
    return payload


def coming_for_past(_: Payload, asked: Intercepted) -> Payload:
    return asked.fetch(
        "/v1/seasons/events?seasons_id={seasons_id}&unique_tournament_id={unique_tournament_id}"
        "&course_events=next&page={page}".format(**asked.params)
    )


def clubs_exchanged_between_two(payload: Payload, _: Intercepted) -> Payload:
    one, other = payload["events"][-2:]
    for name in ("homeTeam", "awayTeam"):
        one[name], other[name] = other[name], one[name]
    return payload


def newest_event(change: Callable[[dict[str, object]], None]) -> Callable[[Payload, Intercepted], Payload]:
    def changed(payload: Payload, _: Intercepted) -> Payload:
        change(payload["events"][-1])
        return payload

    return changed


def saturdays_event(change: Callable[[Payload], None]) -> Callable[[Payload, Intercepted], Payload]:
    """Change a match that is older than the settling time on Tuesday."""

    def changed(payload: Payload, _: Intercepted) -> Payload:
        change(payload["events"][-8])
        return payload

    return changed


def sides_exchanged(event: Payload) -> None:
    event["homeTeam"], event["awayTeam"] = event["awayTeam"], event["homeTeam"]
    event["homeScore"], event["awayScore"] = event["awayScore"], event["homeScore"]


def in_2105(event: Payload) -> None:
    event["startTimestamp"] += 80 * 31_557_600


def a_year_late(event: Payload) -> None:
    event["startTimestamp"] += 31_536_000


def a_month_late(event: Payload) -> None:
    event["startTimestamp"] += 30 * 86_400


def not_begun(event: Payload) -> None:
    event.update(status={"code": 0}, homeScore={}, awayScore={})


def abandoned(event: Payload) -> None:
    event.update(status={"code": 90, "type": "canceled"}, homeScore={}, awayScore={})


def a_goal_more(event: Payload) -> None:
    event["homeScore"]["current"] += 1


def ended_already(payload: Payload, asked: Intercepted) -> Payload:
    """The next match is listed among the past ones, with a result."""
    coming = asked.fetch(
        "/v1/seasons/events?seasons_id={seasons_id}&unique_tournament_id={unique_tournament_id}"
        "&course_events=next&page=0".format(**asked.params)
    )
    event = deepcopy(coming["events"][12])
    event.update(status={"code": 100}, homeScore={"current": 1}, awayScore={"current": 0})
    payload["events"].append(event)
    return payload


def a_twin(payload: Payload, _: Intercepted) -> Payload:
    """The newest match once more, under a new id."""
    payload["events"].append(deepcopy(payload["events"][-1]) | {"id": NEW_ID})
    return payload


def new_id(event: Payload) -> None:
    event["id"] += NEW_ID


EVENTS = {
    "a new id for a week": Named(lambda _: [pages(saturdays_event(new_id), course_events="last")]),
    "new ids for all past events": Named(lambda _: [pages(each_event(new_id), course_events="last")]),
    "the newest event twice, under two ids": Named(lambda _: [pages(a_twin, course_events="last")], may_be_green=True),
    "a cup tie": Named(lambda _: [pages(a_cup_tie(), course_events="last", page="0")]),
    "a cup tie that names no competition": Named(
        lambda _: [pages(a_cup_tie(says_so=False), course_events="last", page="0")]
    ),
    "a page of another season": Named(lambda _: [pages(of_another_season, course_events="last")]),
    "coming events for past ones": Named(lambda _: [pages(coming_for_past, course_events="last")]),
    "clubs of two events exchanged": Named(lambda _: [pages(clubs_exchanged_between_two, course_events="last")]),
    "home and away of an event exchanged": Named(
        lambda _: [pages(newest_event(sides_exchanged), course_events="last")]
    ),
    "an event in 2105": Named(lambda _: [pages(newest_event(in_2105), course_events="last")]),
    "all events in 2105": Named(lambda _: [pages(each_event(in_2105))]),
    "all events a year late": Named(lambda _: [pages(each_event(a_year_late))]),
    "an ended event a month late": Named(lambda _: [pages(newest_event(a_month_late), course_events="last")]),
    "an ended event has not begun": Named(lambda _: [pages(newest_event(not_begun), course_events="last")]),
    "an ended event is abandoned": Named(lambda _: [pages(newest_event(abandoned), course_events="last")]),
    "a score with a goal more": Named(lambda _: [pages(newest_event(a_goal_more), course_events="last")]),
    "a coming event has ended": Named(lambda _: [pages(ended_already, course_events="last", page="0")]),
}


@pytest.mark.parametrize("name", EVENTS)
def test_events(loaded: Pipelines, clean: Clean, name: str) -> None:
    scenario = EVENTS[name]
    play(loaded, clean, scenario.build(loaded), scenario.only, may_be_green=scenario.may_be_green)


# --- a first run, and pages that are not read again by themselves -------------------------------------------------


def the_only_page(payload: Payload, _: Intercepted) -> Payload:
    payload["hasNextPage"] = False
    payload["events"] = payload["events"][-12:]
    return payload


def every_third_in_2105(payload: Payload, _: Intercepted) -> Payload:
    for event in payload["events"][:3]:
        in_2105(event)
    return payload


def squads_exchanged(with_clubs: bool) -> Callable[[Pipelines], list[Corruption]]:
    def build(_: Pipelines) -> list[Corruption]:
        swap: dict[str, str] = {}

        def other_club(payload: Payload, asked: Intercepted) -> Payload:
            if not swap:
                listed = asked.fetch(
                    f"/v1/seasons/events?seasons_id={Season.sofasport_season_id}&unique_tournament_id={TOURNAMENT_ID}"
                    "&course_events=last&page=0"
                )["events"]
                one, other = listed[0]["homeTeam"]["id"], listed[0]["awayTeam"]["id"]
                swap.update({str(one): str(other), str(other): str(one)})
            club = asked.params["team_id"]
            if club in swap:
                payload = asked.fetch(f"/v1/teams/players?team_id={swap[club]}")
            if not with_clubs:
                for entry in payload["players"]:
                    entry["player"].pop("team", None)
            return payload

        return [Corruption("teams/players", other_club)]

    return build


FIRST_RUNS = {
    "past events end too early": Named(lambda _: [pages(the_only_page, course_events="last")]),
    "coming events end too early": Named(lambda _: [pages(the_only_page, course_events="next")]),
    "some events in 2105": Named(lambda _: [pages(every_third_in_2105)]),
    "two squads exchanged": Named(squads_exchanged(with_clubs=True)),
    "two squads exchanged, without their clubs": Named(squads_exchanged(with_clubs=False)),
}


@pytest.mark.parametrize("name", FIRST_RUNS)
def test_a_first_run(pipelines: Pipelines, clean: Clean, name: str) -> None:
    """The next week heals it."""
    scenario = FIRST_RUNS[name]
    installation = Installation.of(pipelines)
    corruptions = scenario.build(pipelines)
    for dag_id, outcome in installation.week(FIRST_MONDAY, corruptions, scenario.only).items():
        print("fault", dag_id, outcome.state, outcome.sentence)
    assert all(one.corrupted for one in corruptions)
    outcomes = installation.week(FAULT_WEEK, only=scenario.only)
    for dag_id, outcome in outcomes.items():
        print("clean", dag_id, outcome.state, outcome.sentence)
    assert all(one.is_green for one in outcomes.values())
    assert compared(scenario.only, pipelines, clean.after_the_fault) == []


# --- FPL's corrections ------------------------------------------------------------------------------------------


def more_expected_goals(payload: Payload, _: Intercepted) -> Payload:
    for element in payload["elements"]:
        element["stats"]["expected_goals"] = "1.23"
    return payload


def test_official_figures_are_read_again(loaded: Pipelines, clean: Clean) -> None:
    """FPL corrects them for days."""
    play(loaded, clean, [Corruption("fpl/event/live", more_expected_goals)], MATCHES)


# --- players ----------------------------------------------------------------------------------------------------


def two_players(loaded: Pipelines, query: str) -> tuple[int, int]:
    rows = loaded.conn.execute(query.encode()).fetchall()
    return rows[0][0], rows[1][0]


def statistics_of_two_players(loaded: Pipelines) -> list[Corruption]:
    """Of two players with the same minutes, and of two with other minutes."""
    same = two_players(
        loaded,
        "select min(player_id) from pulse.season_appearances join pulse.sofasport_players using (player_id)"
        " where minutes = 180 and goals = 0 and position in ('D', 'F') group by position order by position",
    )
    changed = []
    for one, other in [same, (played_for_long(loaded)[0], played_for_long(loaded)[-1])]:
        params = {"seasons_id": Season.sofasport_season_id, "unique_tournament_id": TOURNAMENT_ID}
        for wanted, served in [(one, other), (other, one)]:
            query = {"player_id": served, "player_stat_type": "overall", **params}
            changed.append(served_for("players/statistics/result", {"player_id": wanted}, query))
    return changed


def played_for_long(loaded: Pipelines) -> list[int]:
    rows = loaded.conn.execute(
        "select player_id from pulse.season_appearances where has_started order by minutes desc, player_id offset 40"
    )
    return [player_id for (player_id,) in rows.fetchall()]


def attributes_of_two_players(loaded: Pipelines) -> list[Corruption]:
    rows = loaded.conn.execute(
        "select player_id from pulse.season_appearances as played join pulse.sofasport_players as people"
        " using (player_id) where people.position = 'M' and minutes > 60 and exists (select from"
        " pulse.sofasport_attributes as own where own.player_id = played.player_id) order by player_id"
    ).fetchall()
    people = [player_id for (player_id,) in rows]
    return [
        corruption
        for one, other in zip(people[0:8:2], people[1:8:2], strict=True)
        for corruption in exchanged("players/attribute-overviews", {"player_id": one}, {"player_id": other})
    ]


def one_heatmap_for_two(loaded: Pipelines) -> list[Corruption]:
    event_id = coming_matches(loaded)[0]

    def first_of_the_match(payload: Payload, asked: Intercepted) -> Payload:
        lineup = asked.fetch(f"/v1/events/lineups?event_id={event_id}")
        starter = lineup["home"]["players"][5]["player"]["id"]
        ids = [entry["player"]["id"] for entry in lineup["home"]["players"]]
        if asked.params["player_id"] in map(str, ids[5:8]):
            return asked.fetch(f"/v1/events/player-heatmap?event_id={event_id}&player_id={starter}")
        return payload

    return [Corruption("events/player-heatmap", first_of_the_match, {"event_id": str(event_id)})]


PLAYERS = {
    "season statistics exchanged": Named(statistics_of_two_players, TOTALS),
    "attributes exchanged": Named(attributes_of_two_players, RADAR),
    "one heatmap for three players": Named(one_heatmap_for_two, HEATMAPS),
}


@pytest.mark.parametrize("name", PLAYERS)
def test_players(loaded: Pipelines, clean: Clean, name: str) -> None:
    scenario = PLAYERS[name]
    corruptions = scenario.build(loaded)
    for corruption in corruptions:
        # Not every player is requested in the fault week.
        corruption.corrupted += 1
    play(loaded, clean, corruptions, scenario.only)
    assert any(corruption.corrupted > 1 for corruption in corruptions)
