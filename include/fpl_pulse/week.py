"""The week as one table: which pipeline runs when, for how long, done by when, and after which other.

Every schedule, limit, deadline and wait in the DAGs, the documentation and the tests is read from `WEEK`, so that a
slot is changed in one line. Slots are London time, because the matches and FPL's deadlines are.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

HOUR = timedelta(hours=1)

WAIT_LIMIT = timedelta(hours=1)
"""How long a pipeline waits for the one before it; the wait does not count against its own limit."""

MISSING_RUN_GRACE = timedelta(minutes=5)
"""How long a waiting pipeline believes that a run which does not exist yet is about to be created."""

WAIT_PREFIX = "wait_for_"
"""How the task ids of the sensors begin; the upstream's dag_id follows."""

MANUAL_UPDATE = "run_manual_update"
REBUILD = "rebuild_from_raw"
MANUAL_UPDATE_LIMIT = timedelta(hours=1)


@dataclass(frozen=True)
class WeeklySlot:
    """One pipeline's place in the week."""

    dag_id: str
    title: str
    weekday: int
    """0 is Monday, as in `datetime.weekday`."""
    hour: int
    """London time, on the hour."""
    limit: timedelta
    """For the run's own work, without the wait."""
    done_by: timedelta
    """After the slot: when somebody is told that the run is not done yet. The deadline."""
    waits_for: str | None = None

    @property
    def day(self) -> str:
        """The day's short name, also the DAG's tag: `Mon`."""
        return DAY_NAMES[self.weekday]

    @property
    def cron(self) -> str:
        """The slot as a cron expression; Airflow reads it in the zone of the DAG's start date."""
        return f"0 {self.hour} * * {(self.weekday + 1) % 7}"

    @property
    def display_name(self) -> str:
        """What the UI shows: `Mon 02:00 · Fixture mappings`."""
        return f"{self.day} {self.hour:02d}:00 · {self.title}"

    @property
    def deadline(self) -> str:
        """The time of day, in London, by which the run should be done: `05:30`."""
        minutes = self.hour * 60 + int(self.done_by.total_seconds()) // 60
        return f"{minutes // 60:02d}:{minutes % 60:02d}"


WEEK: tuple[WeeklySlot, ...] = (
    WeeklySlot("update_fixture_mappings", "Fixture mappings", 0, 2, timedelta(minutes=10), HOUR),
    WeeklySlot("update_lineups", "Lineups", 1, 3, timedelta(minutes=15), HOUR, "update_fixture_mappings"),
    WeeklySlot("collect_heatmaps", "Heatmaps", 1, 4, timedelta(minutes=30), 1.5 * HOUR, "update_lineups"),
    WeeklySlot(
        "update_season_stats", "Season statistics", 2, 2, timedelta(minutes=20), HOUR, "update_lineups"
    ),
    WeeklySlot(
        "update_radar_attributes",
        "Radar attributes",
        2,
        3,
        timedelta(minutes=15),
        HOUR,
        "update_season_stats",
    ),
)

PIPELINES: tuple[str, ...] = tuple(slot.dag_id for slot in WEEK)


def slot_of(dag_id: str) -> WeeklySlot:
    """The slot of a pipeline.

    Raises:
        KeyError: with the names that exist, when there is no such pipeline.
    """
    for slot in WEEK:
        if slot.dag_id == dag_id:
            return slot
    raise KeyError(f"No weekly pipeline is called {dag_id!r}; there are {', '.join(PIPELINES)}")


def slot_on_or_before(slot: WeeklySlot, moment: datetime) -> datetime:
    """The newest time of a slot that is not after `moment`, in UTC.

    The step back is made on London's calendar, so that a week with a clock change still lands on the hour.

    Raises:
        ValueError: when `moment` has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"The moment {moment.isoformat()} has no time zone; give one, for example +00:00")
    local = moment.astimezone(LONDON)
    days_back = (local.weekday() - slot.weekday) % 7
    day = local.date() - timedelta(days=days_back)
    candidate = datetime(day.year, day.month, day.day, slot.hour, tzinfo=LONDON)
    if candidate > local:
        day -= timedelta(days=7)
        candidate = datetime(day.year, day.month, day.day, slot.hour, tzinfo=LONDON)
    return candidate.astimezone(UTC)
