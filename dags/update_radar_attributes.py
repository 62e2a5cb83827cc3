"""## Radar attributes

Fetches the radar attributes of squad players whose attributes were never fetched, and of players who have played since
theirs were last read. The latter take turns: each is due in every second week only. The average of
a position is stored separately and never replaces a player's own values.

The last task of the week writes the pack of the gameweek: the views for analysts, as files (docs/packs.md).

**Calls** to SofaSport: about 200 in a steady week, about 640 on a first run. If the budget is too small, the run
fetches the newest gameweek first. Such a partial run is green, and the next run fetches the rest.

**When it fails**
- `wait_for_update_season_stats`: this week's `update_season_stats` failed or is missing. The log says what to do.
- `fetch_attributes`: a task is red when one of its clubs failed. What was fetched is archived and loaded. Clear the red
  tasks: they fetch only what is missing.
- `check_attributes`: too few players have attributes, some were never requested, or the average of a position was
  stored as a player's own values.
- `write_pack`: the pack was not written, for example on a full disk. The data is loaded and checked, and a pack of
  before is unchanged. Fix what the log says, then clear this task.

**Clearing** any task or the whole run is safe. It fetches only what is missing.
"""

from fpl_pulse.airflow.packing import write_pack
from fpl_pulse.airflow.pipeline import Step, build_mapped_pipeline
from fpl_pulse.airflow.weekly import wait_for_upstream, weekly_dag
from fpl_pulse.etl import attributes

with weekly_dag("update_radar_attributes", __doc__):
    build_mapped_pipeline(
        wait=wait_for_upstream("update_radar_attributes"),
        plan=Step(
            attributes.plan_attributes,
            "Lists the players whose attributes are due and compares the calls they cost with the budget.",
            reads=("sofasport_squads", "sofasport_lineup_players"),
            calls_api=True,
        ),
        fetch=Step(
            attributes.fetch_attributes,
            "Archives the attributes that are due for the players of one or more clubs. Never fetches one twice.",
            calls_api=True,
        ),
        load=Step(
            attributes.load_attributes,
            "Loads the archived attributes that the tables do not have: players' own, and averages of positions."
            " Deleted rows of players come back, too.",
            writes=("sofasport_attributes", "sofasport_position_averages"),
        ),
        check=Step(
            attributes.check_attributes,
            "Checks in the tables that players with minutes have attributes of their own. When red, it says how"
            " many have none.",
        ),
        after=[
            Step(
                write_pack,
                "Writes the pack of the newest gameweek: the views for analysts as files, whole or not at all."
                " Without new data nothing changes.",
            )
        ],
    )
