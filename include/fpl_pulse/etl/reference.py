"""FPL's side: gameweeks, clubs, players, fixtures, and the official figures of each player and fixture."""

import logging
from typing import Any

import pandas as pd

from fpl_pulse.api import fpl
from fpl_pulse.api.payloads_fpl import Element, Fixture, FplTeam, Gameweek, LiveElement
from fpl_pulse.api.records import Model, Rejected, accept_nearly_all, require_list
from fpl_pulse.errors import PayloadError
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.loader import load_each
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.reference_rows import gameweek_frame, official_row, player_frame, team_frame
from fpl_pulse.season import season_of_deadline
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.merge import Written, merge

log = logging.getLogger(__name__)


def fetch_fpl_reference(context: StepContext) -> dict[str, int]:
    """Read and load FPL's reference data, and the official figures of gameweeks that have news.

    Returns:
        Counts: players, fixtures.
    """
    context.fetch(fpl.bootstrap(), "FPL reference")
    load_bootstrap(context)
    refresh_fpl_results(context)
    counts = context.query(query("fpl_counts"), season=context.season()).iloc[0]
    log.info("FPL: %d players, %d fixtures", counts.players, counts.fixtures)
    return {"players": int(counts.players), "fixtures": int(counts.fixtures)}


def refresh_fpl_results(context: StepContext) -> None:
    """Read the fixtures, and the official figures of gameweeks in which one has changed."""
    season = context.season()
    context.fetch(fpl.fixtures(season), "FPL results")
    _load_fixtures_there_are(context)
    due = context.query(query("due_live_gameweeks"), season=season).gameweek.tolist()
    context.fetch_all((fpl.live(season, gameweek) for gameweek in due), "official figures")
    _load_live_there_is(context)
    log.info("Official figures of gameweeks %s read", due or "none")


def load_bootstrap(context: StepContext) -> None:
    """Load the archived gameweeks, clubs and players that the tables do not have yet."""
    load_each(context, fpl.BOOTSTRAP, _load_bootstrap, "FPL gameweeks, clubs and players")


def load_fpl_results(context: StepContext) -> None:
    """Load the archived fixtures and official figures that the tables do not have yet."""
    _load_fixtures_there_are(context)
    _load_live_there_is(context)


def _load_fixtures_there_are(context: StepContext) -> None:
    load_each(context, fpl.FIXTURES, _load_fixtures, "FPL fixtures")


def _load_live_there_is(context: StepContext) -> None:
    # A player can be on the pitch before bootstrap-static lists him: his rejected rows get another chance.
    context.conn.execute(query("load_rejected_live_again"), {"season": context.season()})
    load_each(context, fpl.LIVE, _load_live, "official figures")


def _accept(
    model: type[Model],
    records: object,
    path: str,
    *unique: str,
) -> tuple[list[tuple[Any, Model]], list[Rejected]]:
    """The records of a list of FPL's, nearly all of which must fit."""
    return accept_nearly_all(
        model, records, path, max_rejected_share=thresholds.MAX_REJECTED_SHARE, unique=unique
    )


def _load_bootstrap(context: StepContext, answer: ArchivedResponse) -> Written:
    body = answer.body
    gameweeks, bad_gameweeks = _accept(Gameweek, require_list(body, "events", fpl.BOOTSTRAP), "events", "id")
    teams, bad_teams = _accept(FplTeam, require_list(body, "teams", fpl.BOOTSTRAP), "teams", "id", "code")
    elements, bad_elements = _accept(
        Element, require_list(body, "elements", fpl.BOOTSTRAP), "elements", "id", "code"
    )
    if not gameweeks or not teams:
        raise PayloadError(f"{fpl.BOOTSTRAP}: no usable gameweeks or teams; is FPL between two seasons?")
    season = season_of_deadline(min(model.deadline_time for _, model in gameweeks).date())
    known = {model.code for _, model in teams}
    strangers = [
        Rejected(f"elements.{model.id}", f"team_code {model.team_code} is no club of the season", record)
        for record, model in elements
        if model.team_code not in known
    ]
    elements = [pair for pair in elements if pair[1].team_code in known]
    conn = context.conn
    changed = _changed_codes(context, season, [model for _, model in elements])
    written = merge(conn, "fpl_gameweeks", gameweek_frame(season, gameweeks), ["season", "gameweek"])
    written += merge(conn, "fpl_teams", team_frame(season, teams), ["season", "team_id"])
    written += merge(
        conn, "fpl_players", player_frame(season, elements, answer.as_of), ["season", "element_id"]
    )
    if changed:
        old, new = zip(*changed.items(), strict=True)
        log.info("FPL has replaced the codes of %d players; their links and decisions follow", len(changed))
        conn.execute(query("follow_changed_codes"), {"season": season, "old": list(old), "new": list(new)})
    context.record_rejections(answer, [*bad_gameweeks, *bad_teams, *bad_elements, *strangers])
    return written


def _changed_codes(context: StepContext, season: str, elements: list[Element]) -> dict[int, int]:
    """The stored codes that FPL has replaced: old -> new; a code that is still somebody's was not replaced."""
    stored = context.query(
        "select element_id, code from pulse.fpl_players where season = %(season)s", season=season
    )
    code_of = dict(zip(stored.element_id, stored.code, strict=True))
    now = {model.code for model in elements}
    return {
        int(code_of[model.id]): model.code
        for model in elements
        if model.id in code_of and code_of[model.id] not in now
    }


def _load_fixtures(context: StepContext, answer: ArchivedResponse) -> Written:
    season = str(answer.params["season"])
    if not isinstance(answer.body, list):
        raise PayloadError(f"{fpl.FIXTURES}: expected a list; has the API's shape changed?")
    fixtures, rejected = _accept(Fixture, answer.body, "fixtures", "id", "code")
    teams = context.query(
        "select team_id, code from pulse.fpl_teams where season = %(season)s", season=season
    )
    code_of = dict(zip(teams.team_id, teams.code, strict=True))
    _require_same_season(context, season, fixtures)
    rows = []
    for record, model in fixtures:
        if model.team_h not in code_of or model.team_a not in code_of:
            rejected.append(
                Rejected(f"fixtures.{model.id}", "team_h or team_a is no club of the season", record)
            )
            continue
        rows.append(
            {
                "season": season,
                "fixture_id": model.id,
                "code": model.code,
                "gameweek": model.event,
                "kickoff_at": model.kickoff_time,
                "home_team_code": code_of[model.team_h],
                "away_team_code": code_of[model.team_a],
                "home_score": model.team_h_score,
                "away_score": model.team_a_score,
                "started": bool(model.started),
                "finished_provisional": model.finished_provisional,
                "finished": model.finished,
                "minutes": model.minutes,
                "details": record,
            }
        )
    context.record_rejections(answer, rejected)
    return merge(context.conn, "fpl_fixtures", pd.DataFrame(rows, dtype=object), ["season", "fixture_id"])


def _require_same_season(context: StepContext, season: str, fixtures: list[tuple[Any, Fixture]]) -> None:
    """Refuse fixtures whose lasting codes are not those that are stored: FPL has begun another season.

    Ids and club numbers fit every season, so that nothing else would notice.
    """
    stored = context.query(
        "select fixture_id, code from pulse.fpl_fixtures where season = %(season)s", season=season
    )
    code_of = dict(zip(stored.fixture_id, stored.code, strict=True))
    strange = [model.id for _, model in fixtures if code_of.get(model.id, model.code) != model.code]
    if len(strange) > len(fixtures) / 2:
        raise PayloadError(
            f"{len(strange)} of {len(fixtures)} fixtures are not those of {season}: FPL has begun another season. Run"
            " update_fixture_mappings, then clear this run"
        )


def _load_live(context: StepContext, answer: ArchivedResponse) -> Written:
    season, gameweek = str(answer.params["season"]), int(answer.params["gw"])
    where = f"{fpl.LIVE} {answer.resource}"
    elements, rejected = _accept(LiveElement, require_list(answer.body, "elements", where), "elements", "id")
    players = context.query(
        "select element_id, code from pulse.fpl_players where season = %(season)s", season=season
    )
    fixtures = context.query(
        "select fixture_id from pulse.fpl_fixtures where season = %(season)s", season=season
    )
    code_of = dict(zip(players.element_id, players.code, strict=True))
    known_fixtures = set(fixtures.fixture_id)
    rows: list[dict[str, object]] = []
    for record, model in elements:
        if model.id not in code_of:
            rejected.append(
                Rejected(f"elements.{model.id}", "an element that bootstrap-static lacks", record)
            )
            continue
        blocks = [block for block in model.explain if block.fixture in known_fixtures]
        for block in blocks:
            row = official_row(model, block, alone=len(blocks) == 1)
            rows.append({"season": season, "gameweek": gameweek, "fpl_code": code_of[model.id], **row})
    context.record_rejections(answer, rejected)
    frame = pd.DataFrame(rows, dtype=object)
    return merge(context.conn, "fpl_player_fixtures", frame, ["season", "fixture_id", "element_id"])
