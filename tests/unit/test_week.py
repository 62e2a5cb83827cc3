"""The week as a table: slots keep London's time in summer and winter."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fpl_pulse.week import (
    LONDON,
    PIPELINES,
    WEEK,
    display_name,
    in_london,
    in_words,
    run_name,
    short_time,
    slot_of,
    slot_on_or_before,
)

# Hypothesis takes the bounds without a time zone and adds it.
FIRST, LAST = datetime(2025, 7, 1), datetime(2027, 7, 1)  # noqa: DTZ001
TIMES = st.datetimes(FIRST, LAST, timezones=st.just(UTC))


def test_summer_slots_are_an_hour_earlier_in_utc() -> None:
    monday = slot_of("update_fixture_mappings")
    summer = slot_on_or_before(monday, datetime(2025, 10, 15, tzinfo=UTC))
    winter = slot_on_or_before(monday, datetime(2025, 11, 5, tzinfo=UTC))
    assert summer == datetime(2025, 10, 13, 1, tzinfo=UTC)
    assert winter == datetime(2025, 11, 3, 2, tzinfo=UTC)


def test_a_slot_is_on_or_before_itself() -> None:
    tuesday = slot_of("update_lineups")
    slot = datetime(2025, 10, 14, 2, tzinfo=UTC)
    assert slot_on_or_before(tuesday, slot) == slot
    assert slot_on_or_before(tuesday, slot - timedelta(seconds=1)) == slot - timedelta(days=7)


def test_the_week_of_a_clock_change_keeps_the_hour() -> None:
    wednesday = slot_of("update_season_stats")
    after = slot_on_or_before(wednesday, datetime(2025, 10, 29, 12, tzinfo=UTC))
    before = slot_on_or_before(wednesday, after - timedelta(seconds=1))
    assert after.astimezone(LONDON).hour == before.astimezone(LONDON).hour == 2
    assert after - before == timedelta(days=7, hours=1)


@given(TIMES)
def test_every_slot_lies_within_the_week_before_the_given_time(at: datetime) -> None:
    for slot in WEEK:
        found = slot_on_or_before(slot, at)
        assert timedelta() <= at - found < timedelta(days=7, hours=1)
        local = found.astimezone(LONDON)
        assert (local.weekday(), local.hour, local.minute) == (slot.weekday, slot.hour, 0)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        slot_on_or_before(WEEK[0], datetime(2025, 10, 13))  # noqa: DTZ001


def test_an_unknown_pipeline_raises_with_the_names_that_exist() -> None:
    with pytest.raises(KeyError, match="collect_heatmaps"):
        slot_of("celery")


def test_no_pipeline_waits_for_one_that_comes_later_in_the_week() -> None:
    for slot in WEEK:
        if slot.waits_for is not None:
            upstream = slot_of(slot.waits_for)
            assert (upstream.weekday, upstream.hour) < (slot.weekday, slot.hour)
    assert len(set(PIPELINES)) == 5


def test_cron_expression_and_display_name_match_the_slot() -> None:
    assert slot_of("update_fixture_mappings").cron == "0 2 * * 1"
    assert slot_of("collect_heatmaps").cron == "0 4 * * 2"
    assert slot_of("update_radar_attributes").display_name == "Wed 03:00 · Radar attributes"


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(hours=48), "48 hours"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(seconds=901.4), "901 seconds"),
        (timedelta(seconds=1), "1 second"),
    ],
)
def test_a_duration_is_written_in_its_largest_whole_unit(duration: timedelta, words: str) -> None:
    assert in_words(duration) == words


def test_a_time_in_a_sentence_is_londons_and_rounded_to_the_minute() -> None:
    assert in_london(datetime(2025, 10, 14, 1, 59, 40, tzinfo=UTC)) == "Tue 14 Oct 03:00 London time"
    assert in_london(datetime(2025, 11, 4, 3, 0, 20, tzinfo=UTC)) == "Tue 4 Nov 03:00 London time"
    assert short_time(datetime(2025, 11, 4, 3, tzinfo=UTC)) == "Tue 4 Nov 03:00"
    with pytest.raises(ValueError, match="has no time zone"):
        in_london(datetime(2025, 10, 14))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("run_id", "name"),
    [
        ("scheduled__2025-10-14T02:00:00+00:00", "run of 14 October"),
        ("backfill__2025-10-14T02:00:00+00:00", "backfill run of 14 October"),
        ("manual__2025-10-16T16:05:03.426407+00:00", "manual run of 16 October, 17:05:03"),
        ("manual__2025-10-16T16:05:03.426407+00:00_aBc12", "manual run of 16 October, 17:05:03"),
        ("manual__2025-10-16T16:05:03", "run manual__2025-10-16T16:05:03 of 14 October"),
        ("again", "run again of 14 October"),
    ],
)
def test_a_run_is_named_as_the_ui_names_its_pipeline(run_id: str, name: str) -> None:
    slot = datetime(2025, 10, 14, 2, tzinfo=UTC)
    assert run_name("update_lineups", run_id, slot) == f"Tue 03:00 · Lineups, {name}"


def test_a_dag_that_is_no_pipeline_keeps_its_id() -> None:
    assert display_name("run_manual_update") == "run_manual_update"
