"""The week as one table: when each pipeline runs, how long it may take, its deadline, and which pipeline it waits for.

The DAGs, the documentation and the tests read every schedule, limit, deadline and wait from `WEEK`, so a slot is
changed in one line. Slots are in London time, as are the matches and FPL's deadlines.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

HOUR = timedelta(hours=1)
_UNITS = ((3600, "hour"), (60, "minute"), (1, "second"))

WAIT_LIMIT = timedelta(hours=1)
"""How long a pipeline waits for its upstream pipeline. The wait does not count against its own limit."""

LONGEST_RETRYING = timedelta(hours=25)
"""How long after its start a run tries a task again at most. It reaches from Monday's slot to Tuesday's."""

MISSING_RUN_GRACE = timedelta(minutes=5)
"""How long a waiting pipeline assumes that the scheduler is about to create an upstream run that does not exist yet."""

WAIT_PREFIX = "wait_for_"
"""How the task ids of the sensors begin; the upstream's dag_id follows."""

MANUAL_UPDATE = "run_manual_update"
REBUILD = "rebuild_from_raw"
SNAPSHOT = "snapshot_fpl"
SNAPSHOT_HOUR = 6
"""Every day in London, on the hour. FPL changes prices at about half past one."""
SNAPSHOT_LIMIT = timedelta(minutes=10)
MANUAL_UPDATE_LIMIT = timedelta(hours=1)


@dataclass(frozen=True)
class WeeklySlot:
    """The weekly slot of one pipeline."""

    dag_id: str
    title: str
    weekday: int
    """0 is Monday, as in `datetime.weekday`."""
    hour: int
    """London time, on the hour."""
    limit: timedelta
    """Maximum duration of one attempt of a task."""
    done_by: timedelta
    """The deadline, counted from the slot: a run that is not done by then raises an alert."""
    waits_for: str | None = None
    """The dag_id of the upstream pipeline."""

    @property
    def run_limit(self) -> timedelta:
        """Maximum duration of the whole run: the wait, the retries, and what follows the last of them."""
        return WAIT_LIMIT + LONGEST_RETRYING + self.limit

    @property
    def day(self) -> str:
        """Short name of the day, also used as the DAG's tag: `Mon`."""
        return DAY_NAMES[self.weekday]

    @property
    def cron(self) -> str:
        """The slot as a cron expression in London time, for a timetable with that time zone."""
        return f"0 {self.hour} * * {(self.weekday + 1) % 7}"

    @property
    def display_name(self) -> str:
        """The name in Airflow's UI: `Mon 02:00 · Fixture mappings`."""
        return f"{self.day} {self.hour:02d}:00 · {self.title}"

    @property
    def deadline(self) -> str:
        """The deadline as a time of day in London: `05:30`; after midnight with its day: `Wed 00:30`."""
        days, minutes = divmod(self.hour * 60 + int(self.done_by.total_seconds()) // 60, 24 * 60)
        day = f"{DAY_NAMES[(self.weekday + days) % 7]} " if days else ""
        return f"{day}{minutes // 60:02d}:{minutes % 60:02d}"


WEEK: tuple[WeeklySlot, ...] = (
    WeeklySlot("update_fixture_mappings", "Fixture mappings", 0, 2, timedelta(minutes=10), HOUR),
    WeeklySlot("update_lineups", "Lineups", 1, 3, timedelta(minutes=15), HOUR, "update_fixture_mappings"),
    WeeklySlot("collect_heatmaps", "Heatmaps", 1, 4, timedelta(minutes=30), 1.5 * HOUR, "update_lineups"),
    WeeklySlot("update_season_stats", "Season statistics", 2, 2, timedelta(minutes=20), HOUR, "update_lineups"),
    WeeklySlot("update_radar_attributes", "Radar attributes", 2, 3, timedelta(minutes=15), HOUR, "update_season_stats"),
)

PIPELINES: tuple[str, ...] = tuple(slot.dag_id for slot in WEEK)

RECORDED: tuple[str, ...] = (*PIPELINES, SNAPSHOT)
"""The DAGs whose runs have a row in pulse.pipeline_runs and a note."""

_NAMES = {slot.dag_id: slot.display_name for slot in WEEK} | {SNAPSHOT: f"Daily {SNAPSHOT_HOUR:02d}:00 · FPL snapshot"}


def in_words(duration: timedelta) -> str:
    """A duration for a sentence, in its largest whole unit: `48 hours`, `1 hour`, `15 minutes`, `90 seconds`."""
    seconds = round(duration.total_seconds())
    size, unit = next((size, unit) for size, unit in _UNITS if seconds % size == 0)
    return f"{seconds // size} {unit}{'' if seconds == size else 's'}"


def short_time(time: datetime) -> str:
    """A time in London for a table whose times are all of London: `Tue 14 Oct 03:00`.

    It is rounded to the minute: headers count whole seconds, and midnight should read as midnight.

    Raises:
        ValueError: the time has no zone.
    """
    if time.tzinfo is None:
        raise ValueError(f"The time {time.isoformat()} has no time zone; add one, for example +00:00")
    local = (time + timedelta(seconds=30)).astimezone(LONDON)
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def in_london(time: datetime) -> str:
    """A time for a sentence: `Tue 14 Oct 03:00 London time`. As `short_time`, also in what it raises."""
    return f"{short_time(time)} London time"


def display_name(dag_id: str) -> str:
    """A pipeline's name in Airflow's UI: `Tue 03:00 · Lineups`. A DAG without a schedule keeps its id."""
    return _NAMES.get(dag_id, dag_id)


def run_name(dag_id: str, run_id: str, as_of: datetime) -> str:
    """A run in words: `Tue 03:00 · Lineups, run of 14 October`, or `…, manual run of 14 October, 17:05:03`.

    Times are London's. A manual run has the time at which it was triggered; without one in its id, the id is added.
    """
    kind, _, stated = run_id.partition("__")
    local = as_of.astimezone(LONDON)
    if kind in ("scheduled", "backfill"):
        which = "run" if kind == "scheduled" else "backfill run"
        return f"{display_name(dag_id)}, {which} of {local.day} {local:%B}"
    try:
        triggered = datetime.fromisoformat(stated.partition("_")[0])
    except ValueError:
        triggered = None
    if triggered is None or triggered.tzinfo is None:
        return f"{display_name(dag_id)}, run {run_id[:60]} of {local.day} {local:%B}"
    local = triggered.astimezone(LONDON)
    return f"{display_name(dag_id)}, manual run of {local.day} {local:%B}, {local:%H:%M:%S}"


def slot_of(dag_id: str) -> WeeklySlot:
    """The slot of a pipeline.

    Raises:
        KeyError: there is no such pipeline; the message lists those that exist.
    """
    for slot in WEEK:
        if slot.dag_id == dag_id:
            return slot
    raise KeyError(f"No weekly pipeline is called {dag_id!r}; there are {', '.join(PIPELINES)}")


def slot_on_or_before(slot: WeeklySlot, at: datetime) -> datetime:
    """The latest occurrence of a slot that is not after `at`, in UTC.

    The arithmetic uses London's calendar, so the result is on the hour in weeks with a clock change too.

    Raises:
        ValueError: `at` has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError(f"The time {at.isoformat()} has no time zone; add one, for example +00:00")
    local = at.astimezone(LONDON)
    day = local.date() - timedelta(days=(local.weekday() - slot.weekday) % 7)
    candidate = datetime(day.year, day.month, day.day, slot.hour, tzinfo=LONDON)
    # Subtracting from a time with a zone leaves the time of day as it is, also across a clock change.
    return (candidate if candidate <= local else candidate - timedelta(days=7)).astimezone(UTC)


def week_of(at: datetime) -> datetime:
    """When the week of a time begins: Monday 00:00 in London."""
    local = at.astimezone(LONDON)
    monday = local.date() - timedelta(days=local.weekday())
    return datetime(monday.year, monday.month, monday.day, tzinfo=LONDON)


def next_slot(slot: WeeklySlot, after: datetime) -> datetime:
    """The first occurrence of a slot after a time, in UTC."""
    return (slot_on_or_before(slot, after).astimezone(LONDON) + timedelta(days=7)).astimezone(UTC)


def retries_end(dag_id: str, started: datetime) -> datetime:
    """Until when a run that started at a time may begin another attempt of a task that failed in an outage.

    The attempt has to end before the next pipeline needs the run, or before the pipeline's own next slot.
    """
    slot = slot_of(dag_id)
    needed_by = [slot, *(one for one in WEEK if one.waits_for == dag_id)]
    needed_at = min(next_slot(one, started) for one in needed_by)
    return min(needed_at - slot.limit, started + LONGEST_RETRYING)
