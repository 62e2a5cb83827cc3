"""A clean installation, week by week: what its tables held after each run, and copies of its database to start from."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import psycopg

from dev.hostile.corruption import content
from dev.hostile.recorded import RecordedPipelines, RecordedSource
from dev.hostile.scenario import CLEAN_WEEKS, FAULT_WEEKS
from dev.hostile.snapshots import Row, Snapshot, Snapshots, Truth
from dev.hostile.weeks import Installation
from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import slots_of
from fpl_pulse.api import sofasport
from fpl_pulse.store.schema import upgrade
from fpl_pulse.week import PIPELINES

NOTHING = Snapshot({}, {})


@dataclass
class Timeline:
    """The clean installation and the source that it read."""

    postgres: EmbeddedPostgres
    source: RecordedSource
    url: str
    first_monday: date
    fault_weeks: tuple[int, ...] = FAULT_WEEKS
    is_replay: bool = False
    """Whether the source is the replay of a real season."""
    snapshots: Snapshots = field(default_factory=Snapshots)
    truth: Truth = field(default_factory=Truth)
    after: dict[tuple[int, str], Snapshot] = field(default_factory=dict)
    """(Week, pipeline) -> the tables of the clean installation after the run."""
    later: Snapshot = NOTHING
    """On the replay: the tables at the end of a clean installation that began after the fault weeks."""

    def monday(self, week: int) -> date:
        """The Monday of a week, counted from 0."""
        return self.first_monday + timedelta(weeks=week)

    def before(self, week: int, dag_id: str) -> Snapshot:
        """The tables of the clean installation before a run."""
        place = PIPELINES.index(dag_id)
        if place:
            return self.after[week, PIPELINES[place - 1]]
        return self.after[week - 1, PIPELINES[-1]] if week else NOTHING

    def requested(self, week: int, dag_id: str) -> list[str]:
        """The paths that the clean installation requested in a run, with their query strings."""
        return self.source.requested.get(slots_of(self.monday(week))[dag_id], [])

    def template(self, week: int, dag_id: str) -> str:
        """The name of the clean installation's database before a run of a fault week."""
        return self.database(f"before_{week}_{PIPELINES.index(dag_id)}")

    def database(self, name: str) -> str:
        """The name of a database for this timeline."""
        return f"hostile_{'replay' if self.is_replay else 'sandbox'}_{name}"

    def was_served(self, since: int, table: str, row: Row) -> bool:
        """Whether the source served a row, that differs from the clean installation's, in a fault week or after it.

        What changes slowly is not read each week. After a missed turn it is read in another week than by the clean
        installation. In the real season squads change in between: a clean installation that began later has the row.
        On the sandbox only attributes change, which are read in every second week. The census counts such rows too.
        """
        if row in self.later.tables.get(table, {}).values() or (self.is_replay and table == "key_census"):
            return True
        if table != "sofasport_attributes":
            return False
        path = f"/v1/{sofasport.ATTRIBUTES}?player_id={row['player_id']}"
        own = row["details"]
        for week in range(since, since + CLEAN_WEEKS + 1):
            response = self.source.response_at(path, slots_of(self.monday(week))[PIPELINES[-1]])
            overviews = content(response.json()).get("playerAttributeOverviews", []) if response.ok else []
            if own in overviews:
                return all(row[name] == own[name] for name in row.keys() & own.keys())
        return False

    def play(self) -> Iterator[str]:
        """Play all weeks of the clean installation; yield what was done, in words.

        Raises:
            RuntimeError: a run without any fault was not green.
        """
        clean = self.database("clean")
        self.postgres.create_database(clean)
        upgrade(self.postgres.dsn(clean))
        for week in range(max(self.fault_weeks) + CLEAN_WEEKS + 1):
            for dag_id in PIPELINES:
                if week in self.fault_weeks:
                    self.postgres.create_database(self.template(week, dag_id), template=clean)
                with self.installation(clean) as installation:
                    outcome = installation.run(dag_id, self.monday(week))
                    if not outcome.is_green:
                        raise RuntimeError(f"Without a fault, {dag_id} of {self.monday(week)}: {outcome.sentence}")
                    snapshot = self.snapshots.take(installation.pipelines.conn)
                self.after[week, dag_id] = snapshot
                self.truth.add(snapshot)
            yield f"clean week of {self.monday(week)}"
        if self.is_replay:
            yield from self._begin_later(self.database("later"), max(self.fault_weeks) + 1)
        self.snapshots.is_remembering = False
        self.source.is_listing = False

    def _begin_later(self, database: str, first: int) -> Iterator[str]:
        """Play the weeks of a clean installation that begins in a week; yield what was done, in words."""
        self.postgres.create_database(database)
        upgrade(self.postgres.dsn(database))
        with self.installation(database) as installation:
            for week in range(first, first + CLEAN_WEEKS):
                for _ in installation.runs(self.monday(week)):
                    pass
                yield f"clean week of {self.monday(week)}, of an installation that began later"
            self.later = self.snapshots.take(installation.pipelines.conn)

    @contextmanager
    def installation(self, database: str) -> Iterator[Installation]:
        """An installation on a database."""
        with psycopg.connect(self.postgres.dsn(database), autocommit=True) as conn:
            pipelines = RecordedPipelines(conn, self.url, on_clock=self._set_clock)
            yield Installation.of(pipelines, self.source)

    def _set_clock(self, as_of: datetime) -> None:
        self.source.as_of = as_of
