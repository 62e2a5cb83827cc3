"""## Fixture mappings

Reads FPL's reference data (gameweeks, clubs, players, fixtures, official figures) and SofaSport's events and squads.
Then resolves identities: links each SofaSport club, player and event to its FPL club, player and fixture. The log of
`report_mappings` lists the result club by club, with the weakest links and every pair in review.

**Calls** to SofaSport: one page of past events. Pages of coming events only if FPL has moved a fixture. Squads only if
FPL has added a player or the squad was read more than four weeks ago. A first run reads all pages and squads, about 35
calls.

**When it fails**
- `fetch_…`: the last sentence of the log gives the cause. The source was down, or its response was refused: clear the
  task later. The key is wrong:
  fix the connection that the sentence names, then clear. The quota is spent: clear after its reset.
- `fetch_sofasport_squads`: more than three clubs failed. Up to three failed clubs only raise an alert, and the next run
  requests them again.
- `check_mappings`: one of these sentences says what is missing.
  - *FPL lists … fixtures, not …*: FPL's list is incomplete. Clear `fetch_fpl_reference` with its downstream tasks
    later.
  - *… of 20 clubs are not linked*: more than three clubs are in review. Link them with
    `python -m fpl_pulse.cli.mappings link --club`.
  - *played fixtures without an ended event*: SofaSport is late, or has a new event for the match. Clear
    `fetch_sofasport_events` with its downstream tasks.
  - *only … of … players with minutes are linked*, or a gameweek with too few links: see the log of `report_mappings`,
    and decide with `python -m fpl_pulse.cli.mappings` (README). A doubtful pair is never linked. Up to three clubs and
    5 % of the players with minutes may be without a link.
  - *gameweek …: only … played fixtures with an ended event*: as for *played fixtures without an ended event*.

**Clearing** any task or the whole run is safe. Every step merges its rows, so a repeated step changes nothing. If this
week's `update_lineups` has failed because it waited for this run, `clear_lineups` clears it.
"""

from fpl_pulse.airflow.clears import ClearSameWeekRun
from fpl_pulse.airflow.pipeline import Step, build_sequence
from fpl_pulse.airflow.weekly import weekly_dag
from fpl_pulse.etl import events, mapping_check, mapping_report, mappings, reference, squads

with weekly_dag("update_fixture_mappings", __doc__):
    build_sequence(
        Step(
            reference.fetch_fpl_reference,
            "Reads gameweeks, clubs, players, fixtures and official figures from FPL, and loads them.",
            writes=("fpl_players", "fpl_fixtures", "fpl_player_fixtures"),
            calls_api=True,
        ),
        Step(
            events.fetch_sofasport_events,
            "Reads SofaSport's pages of events that may have changed, and loads them.",
            writes=("sofasport_events",),
            calls_api=True,
        ),
        Step(
            squads.fetch_sofasport_squads,
            "Reads the squads that are old or lack a player, and loads them.",
            writes=("sofasport_squads",),
            calls_api=True,
        ),
        Step(
            mappings.resolve_identities,
            "Computes the links of clubs, players and events. Manual decisions override them. Makes no call.",
            reads=("fpl_players", "fpl_fixtures", "sofasport_events", "sofasport_squads"),
        ),
        Step(
            mappings.load_mappings,
            "Writes the links, and the pairs that need a manual decision.",
            writes=("team_mappings", "player_mappings", "fixture_mappings"),
        ),
        Step(mapping_report.report_mappings, "Logs, club by club, who is linked, in review, or without a counterpart."),
        Step(
            mapping_check.check_mappings,
            "Checks in the tables that clubs, fixtures and players with minutes are linked. When red, it says what is"
            " missing.",
        ),
        beside=[
            ClearSameWeekRun(
                task_id="clear_lineups",
                trigger_dag_id="update_lineups",
                only_after_failed_wait=True,
                doc_md="If this week's lineups have waited for this run in vain: clears them. Otherwise does nothing.",
            )
        ],
    )
