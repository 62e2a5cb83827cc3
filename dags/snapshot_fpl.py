"""## FPL snapshot

Reads FPL's players and fixtures once a day and keeps what has changed: prices, ownership, transfers, availability and
form. FPL overwrites these figures, and the weekly pipelines read them on Monday, Tuesday and Wednesday only. The views
`fpl.player_history`, `fpl.price_changes` and `fpl.players_at_deadline` become more exact with it. It is optional: it is
paused until you switch it on, and nothing waits for it.

**Calls**: two to FPL, none to SofaSport.

**When it fails**, the last sentence of the log gives the cause. The state of that day is then missing, unless you clear
the run on the same day. The next run closes the alert.

**Clearing** it is safe: a repeated reading changes nothing, or keeps the newer state.
"""

from fpl_pulse.airflow.pipeline import Step
from fpl_pulse.airflow.weekly import daily_dag
from fpl_pulse.etl import snapshot
from fpl_pulse.week import SNAPSHOT

with daily_dag(SNAPSHOT, __doc__):
    Step(
        snapshot.snapshot_fpl,
        "Reads FPL's players and fixtures, and keeps what has changed.",
        writes=("fpl_players", "fpl_fixtures", "fpl_player_history"),
        calls_api=True,
    ).task(opens_run=True, closes_run=True)
