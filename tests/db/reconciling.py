"""A fixture whose figures agree in both sources, and functions that make them differ."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dev.pipelines import Pipelines, slots_of
from fpl_pulse.etl import lineups, reconciliation
from tests.installations import FIRST_MONDAY

TUESDAY = slots_of(FIRST_MONDAY)["update_lineups"]
SETTLED = TUESDAY + timedelta(days=4)
"""All matches of the first week are older than the settling time."""


def change(loaded: Pipelines, table: str, what: str, where: str, *params: object) -> int:
    """Change rows without the pipelines; at least one. Returns how many."""
    rows = loaded.conn.execute(f"update pulse.{table} set {what} where {where}".encode(), params).rowcount
    assert rows > 0
    return rows


def reconcile(loaded: Pipelines) -> dict[str, int]:
    """Run the step when all matches are settled."""
    return reconciliation.reconcile_figures(loaded.context("update_lineups", SETTLED))


def check(loaded: Pipelines, as_of: datetime = SETTLED) -> dict[str, dict[str, int]]:
    """Run the check at an as-of time."""
    return lineups.check_lineups(loaded.context("update_lineups", as_of))


def in_words(loaded: Pipelines, fixture_id: int) -> str:
    """The fixture as the check names it: GW1 LIV-BOU."""
    return str(
        loaded.one(
            "select format('GW%%s %%s-%%s', gameweek, home.short_name, away.short_name) from pulse.fpl_fixtures"
            " join pulse.fpl_teams as home on home.code = home_team_code"
            " join pulse.fpl_teams as away on away.code = away_team_code where fixture_id = %s",
            fixture_id,
        )
    )


@dataclass(frozen=True)
class Agreed:
    """A fixture without differences, its event, and a linked substitute with over five minutes and no goal."""

    loaded: Pipelines
    fixture_id: int
    event_id: int
    player_id: int
    fpl_code: int

    @classmethod
    def first_of(cls, loaded: Pipelines) -> "Agreed":
        """The first such fixture."""
        row = loaded.conn.execute(
            "select fixture_id, event_id, player_id, fpl_code from pulse.fixture_reconciliations as whole"
            " join pulse.fpl_fixtures using (season, fixture_id)"
            " join pulse.sofasport_lineup_players using (event_id)"
            " join pulse.player_mappings on sofasport_player_id = player_id"
            " where not is_starter and sofasport_lineup_players.minutes > 5 and goals = 0 and not exists"
            " (select from pulse.figure_differences as differences"
            "  where differences.fixture_id = whole.fixture_id and figure <> 'assists')"
            " order by kickoff_at, player_id limit 1"
        ).fetchone()
        assert row is not None
        return cls(loaded, *row)

    def change_sofasport(self, what: str) -> None:
        """Change the substitute's row of SofaSport, and reconcile again."""
        where = "event_id = %s and player_id = %s"
        change(self.loaded, "sofasport_lineup_players", what, where, self.event_id, self.player_id)
        reconcile(self.loaded)

    def change_fpl(self, what: str) -> None:
        """Change the substitute's row of FPL, and reconcile again."""
        where = "fixture_id = %s and fpl_code = %s"
        change(self.loaded, "fpl_player_fixtures", what, where, self.fixture_id, self.fpl_code)
        reconcile(self.loaded)

    @property
    def official_minutes(self) -> int:
        """The substitute's minutes at FPL."""
        statement = "select minutes from pulse.fpl_player_fixtures where fixture_id = %s and fpl_code = %s"
        return int(self.loaded.one(statement, self.fixture_id, self.fpl_code))

    @property
    def differences(self) -> list[tuple[Any, ...]]:
        """Figure, FPL code, SofaSport id, both values (SofaSport's first), whether it counts; without assists."""
        return self.loaded.conn.execute(
            "select figure, fpl_code, sofasport_player_id, sofasport_value, fpl_value, counts"
            " from pulse.figure_differences where fixture_id = %s and figure <> 'assists' order by 1, 2, 3",
            (self.fixture_id,),
        ).fetchall()

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Players, differing, only at FPL, only at SofaSport."""
        row = self.loaded.conn.execute(
            "select players, differing, only_fpl, only_sofasport from pulse.fixture_reconciliations"
            " where fixture_id = %s",
            (self.fixture_id,),
        ).fetchone()
        assert row is not None
        return row

    @property
    def words(self) -> str:
        """The fixture as the check names it."""
        return in_words(self.loaded, self.fixture_id)
