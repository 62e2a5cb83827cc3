"""The clock of the machine is set back an hour: nothing waits for an hour, and the data is as without it.

Tests cannot set the clock. Instead everything that the store has recorded is moved an hour into the future, which is
the same for what runs after it.
"""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import sql

from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines, slots_of
from fpl_pulse.api import sofasport
from fpl_pulse.api.calls import Call
from fpl_pulse.store import week_status
from fpl_pulse.store.digest import different, digest
from fpl_pulse.store.pace import LONGEST_WAIT_S, Pace
from fpl_pulse.week import PIPELINES
from tests.db.test_times import WALL_CLOCK, times_of
from tests.installations import FIRST_MONDAY

SECOND_MONDAY = FIRST_MONDAY + timedelta(days=7)
RATE = 5.0
AN_HOUR = timedelta(hours=1)


def set_clock_back(conn: psycopg.Connection) -> int:
    """Move every wall clock of the store into the future. Returns how many columns had values."""
    moved = 0
    tables = {name for (name,) in conn.execute("select tablename from pg_tables where schemaname = 'pulse'").fetchall()}
    for time in times_of(conn):
        table, column = time.name.split(".")
        if table not in tables or not time.meaning.startswith(WALL_CLOCK) or time.first is None:
            continue
        moved += 1
        name = sql.Identifier(column)
        is_list = time.type.endswith("[]")
        later = sql.SQL("array(select at + {by} from unnest({name}) as at)" if is_list else "{name} + {by}")
        conn.execute(
            sql.SQL("update {table} set {name} = {later}").format(
                table=sql.Identifier("pulse", table), name=name, later=later.format(name=name, by=sql.Literal(AN_HOUR))
            )
        )
    return moved


class Clock:
    """Counts how long a pace waits, without waiting."""

    def __init__(self) -> None:
        self.waited_s = 0.0

    def sleep(self, seconds: float) -> None:
        self.waited_s += seconds

    def pace(self, conn: psycopg.Connection) -> Pace:
        """A pace that does not wait."""
        return Pace(conn, "sofasport", RATE, sleep=self.sleep, clock=lambda: 0.0)


def refusal() -> Call:
    return Call(sofasport.lineups(7), "lineups", 1, 429, "RetryableError", 0.1, 10, None)


def test_no_call_waits_for_the_hour_to_come_again(conn: psycopg.Connection) -> None:
    before = Clock()
    for _ in range(12):
        before.pace(conn).wait_for_slot()
    assert set_clock_back(conn) >= 2
    after = Clock()
    for _ in range(6):
        after.pace(conn).wait_for_slot()
    assert after.waited_s < 6


def test_slots_of_the_queue_still_count_after_a_step_of_seconds(conn: psycopg.Connection) -> None:
    clock = Clock()
    for _ in range(6):
        clock.pace(conn).wait_for_slot()
    conn.execute(
        "update pulse.api_pace set next_slot_at = next_slot_at + interval '20 seconds',"
        " slots = array(select slot + interval '20 seconds' from unnest(slots) as slot)"
    )
    clock = Clock()
    clock.pace(conn).wait_for_slot()
    assert 15 < clock.waited_s < LONGEST_WAIT_S


def test_a_pace_that_was_slowed_down_goes_on_and_can_be_slowed_down_again(conn: psycopg.Connection) -> None:
    pace = Clock().pace(conn)
    pace.wait_for_slot()
    pace.on_response(refusal())
    conn.execute("update pulse.api_pace set refused_at = refused_at - interval '3 seconds'")
    pace.on_response(refusal())
    ((slowed_to,),) = conn.execute("select slowed_to from pulse.api_pace").fetchall()
    assert slowed_to == pytest.approx(RATE / 2, rel=0.1)
    set_clock_back(conn)
    after = Clock()
    for _ in range(4):
        after.pace(conn).wait_for_slot()
    assert 0 < after.waited_s < 10
    pace.on_response(refusal())
    ((refused_at,),) = conn.execute("select refused_at from pulse.api_pace").fetchall()
    assert refused_at < datetime.now(UTC) + timedelta(minutes=1)


@pytest.fixture
def twin(postgres: EmbeddedPostgres, small_first_week: str, small_league: str) -> Iterator[Pipelines]:
    """The pipelines on another copy of the first week."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    postgres.create_database(name, template=small_first_week)
    with psycopg.connect(postgres.dsn(name), autocommit=True) as connection:
        yield Pipelines(connection, small_league)
    postgres.drop_database(name)


def test_the_next_week_ends_with_the_tables_of_a_week_with_a_right_clock(small: Pipelines, twin: Pipelines) -> None:
    assert set_clock_back(twin.conn) > 20
    for pipelines in (small, twin):
        pipelines.week(SECOND_MONDAY)
    expected = digest(small.conn)
    assert expected["sofasport_heatmaps"].rows > 100
    assert different(expected, digest(twin.conn)) == []


def test_a_run_in_the_repeated_hour_changes_nothing(small: Pipelines) -> None:
    last = slots_of(FIRST_MONDAY)["update_radar_attributes"]
    for dag_id in PIPELINES:
        small.run(dag_id, last)
    before = digest(small.conn)
    set_clock_back(small.conn)
    for dag_id in PIPELINES:
        small.run(dag_id, last - timedelta(minutes=30))
    assert different(before, digest(small.conn)) == []


def test_the_status_of_the_week_stays_readable(small: Pipelines) -> None:
    set_clock_back(small.conn)
    week_status.set_now(small.conn, slots_of(FIRST_MONDAY)["update_radar_attributes"] + timedelta(hours=3))
    assert {slot.state for slot in week_status.read(small.conn).slots} == {"success"}
