"""The clubs' squads: who is listed where, as far as SofaSport says."""

import logging

import pandas as pd

from fpl_pulse.alerts.outbox import close_alerts, raise_alert
from fpl_pulse.api import sofasport
from fpl_pulse.api.payloads_sofasport import Listed
from fpl_pulse.api.records import accept_nearly_all, require_list
from fpl_pulse.errors import PayloadError, RetryableError
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.budget import plan_tasks
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.loader import load_each
from fpl_pulse.etl.people import merge_people
from fpl_pulse.etl.queries import query
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.merge import Written, merge

log = logging.getLogger(__name__)


def fetch_sofasport_squads(context: StepContext) -> dict[str, int]:
    """Read the squads that are unknown, four weeks old, or of a club where FPL has added somebody unlinked.

    Returns:
        Counts: squads read, and squads that stay owed because their call failed.

    Raises:
        RetryableError: when more clubs fail than `thresholds.MAX_UNREAD_SQUADS`: that is an outage.
    """
    season = context.season()
    tasks = plan_tasks(
        context, context.query(query("due_squads"), season=season), "team_id", may_use_reserve=True
    )
    due = [task["team_id"] for task in tasks]
    read = 0
    unread: dict[int, str] = {}
    for team_id in due:
        try:
            read += context.fetch_all([sofasport.squad(season, team_id)], "squads").answered
        except RetryableError as error:
            unread[team_id] = str(error)
            if len(unread) > thresholds.MAX_UNREAD_SQUADS:
                raise
    close_alerts(context.conn, context.run, "squad_unread", still={f"club {team_id}" for team_id in unread})
    for team_id, reason in unread.items():
        club = context.label_for(team_id=team_id)
        raise_alert(
            context.conn,
            context.run,
            "squad_unread",
            f"club {team_id}",
            f"The squad of {club} could not be read: {reason}. Nobody there is unlinked for it; the next run asks"
            " again.",
        )
    log.info("SofaSport: squads of %d clubs due, %d read, %d failed", len(due), read, len(unread))
    load_squads(context)
    return {"squads": read, "unread": len(unread)}


def load_squads(context: StepContext) -> None:
    """Load the archived squads; one club without a usable list must not keep the other nineteen from being matched."""
    load_each(context, sofasport.SQUAD, _load_squad, "squads", check_judges=True)


def _load_squad(context: StepContext, answer: ArchivedResponse) -> Written:
    season, team_id = str(answer.params["season"]), int(answer.params["team_id"])
    where = f"{answer.endpoint} {answer.resource}"
    records = require_list(answer.body, "players", where)
    good, rejected = accept_nearly_all(
        Listed, records, "players", max_rejected_share=thresholds.MAX_REJECTED_SHARE
    )
    people = {listed.player.id: listed.player for _, listed in good}
    if not people:
        # A club always has players: an empty list is a fault of the source, and must not empty the squad.
        raise PayloadError(f"{where}: the squad is empty")
    frame = pd.DataFrame(
        [
            {
                "season": season,
                "team_id": team_id,
                "player_id": person.id,
                "shirt_number": person.jersey_number,
                "is_current": True,
            }
            for person in people.values()
        ],
        dtype=object,
    )
    context.record_rejections(answer, rejected)
    written = merge_people(context, people.values())
    written += merge(context.conn, "sofasport_squads", frame, ["season", "team_id", "player_id"])
    if rejected:
        # Whoever is missing may be among the rejected: nobody is taken to have left.
        return written
    left = context.conn.execute(
        "update pulse.sofasport_squads set is_current = false, updated_at = now()"
        " where season = %s and team_id = %s and is_current and player_id <> all(%s)",
        (season, team_id, list(people)),
    ).rowcount
    return written + Written(updated=left)
