"""FPL's fixtures beside the stored ones: which records can be right, and whether a response is old or incomplete."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from fpl_pulse.api.payloads_fpl import Fixture
from fpl_pulse.api.records import ALWAYS_TOLERATED_REJECTIONS, Rejected
from fpl_pulse.errors import PayloadError
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.checking import listed
from fpl_pulse.etl.reference_checks import StoredFixture, StoredSeason, require_few, require_present
from fpl_pulse.season import Season

AWARDED = {(3, 0), (0, 3)}
"""Scores of an awarded match, which has no scorers or others."""

FixturePair = tuple[Any, Fixture]


def check_fixtures(
    fixtures: Sequence[FixturePair],
    season: Season,
    stored: StoredSeason,
    *,
    club_codes: Mapping[int, int],
    deadlines: Mapping[int, datetime],
    as_of: datetime,
) -> tuple[list[FixturePair], list[Rejected]]:
    """The fixtures that can be right, and the rejected records.

    Raises:
        PayloadError: too many fixtures are missing, are shown as not played yet, or are rejected.
    """
    accepted: list[FixturePair] = []
    rejected: list[Rejected] = []
    times = Counter((model.team_h, model.team_a) for _, model in fixtures)
    seen: set[tuple[int, int]] = set()
    undone: list[int] = []
    for record, model in fixtures:
        known = stored.fixtures.get(model.id)
        reason = _reason_against_fixture(record, model, season, club_codes, {*deadlines})
        if not reason and known:
            reason = _reason_against_stored(model, known, club_codes, is_repeated=times[model.team_h, model.team_a] > 1)
            reason = reason or _lost_end(record, model, known, as_of) or _other_gameweek(model, known, deadlines)
        if not reason and (model.team_h, model.team_a) in seen:
            reason = "a second fixture of the same clubs at the same ground; the first counts"
        if not reason and known and known.finished_provisional and _is_overdue(model, as_of):
            undone.append(model.id)
            reason = f"was played, and is now shown as coming, with the kick-off {model.kickoff_time} in the past"
        if reason:
            rejected.append(Rejected(f"fixtures.{model.id}", reason, record))
        else:
            seen.add((model.team_h, model.team_a))
            accepted.append((record, model))
    if len(undone) > ALWAYS_TOLERATED_REJECTIONS:
        raise PayloadError(
            f"{len(undone)} fixtures that were played are shown as coming, although their kick-offs have passed"
            f" ({listed([str(one) for one in undone])}): the response is older than what is stored"
        )
    exchanged = [model.id for _, model in accepted if _has_other_ground(model, stored.fixtures, club_codes)]
    if len(exchanged) > ALWAYS_TOLERATED_REJECTIONS:
        raise PayloadError(f"{len(exchanged)} fixtures are at the other club's ground than the stored ones")
    ids = {model.id for _, model in fixtures}
    require_present(stored.fixtures.keys() - ids, len(stored.fixtures), "fixtures")
    total = len(club_codes) * (len(club_codes) - 1)
    if not stored.fixtures and len(ids) < (1 - thresholds.MAX_REJECTED_SHARE) * total:
        raise PayloadError(f"only {len(ids)} of {total} fixtures of {len(club_codes)} clubs are listed")
    require_few(rejected, len(fixtures), "fixtures")
    return accepted, rejected


def _reason_against_fixture(
    record: object, model: Fixture, season: Season, club_codes: Mapping[int, int], gameweeks: set[int]
) -> str | None:
    if model.team_h not in club_codes or model.team_a not in club_codes:
        return "team_h or team_a is no club of the season"
    if model.team_h == model.team_a:
        return "team_h and team_a are the same club"
    if model.event is not None and model.event not in gameweeks:
        return f"gameweek {model.event} does not exist"
    if model.kickoff_time and not season.covers(model.kickoff_time.date()):
        return f"the kick-off {model.kickoff_time.date()} is not in {season}"
    score = (model.team_h_score, model.team_a_score)
    if model.finished_provisional and None in score:
        return "finished without a score: team_h_score or team_a_score is missing"
    scored = goals_by_side(record)
    if model.finished and scored is not None and scored != score and score not in AWARDED:
        return f"the score is {score[0]}-{score[1]}, but the goals in stats are {scored[0]}-{scored[1]}"
    return None


def _reason_against_stored(
    model: Fixture, known: StoredFixture, club_codes: Mapping[int, int], *, is_repeated: bool
) -> str | None:
    if model.code != known.code:
        return f"code {model.code}, but the stored one is {known.code}"
    clubs = (club_codes[model.team_h], club_codes[model.team_a])
    before = (known.home_team_code, known.away_team_code)
    # Clubs may exchange their two venues: both fixtures change.
    if clubs != before and (clubs != before[::-1] or is_repeated):
        return f"clubs {clubs[0]} and {clubs[1]}, but {before[0]} and {before[1]} are stored"
    return None


def _lost_end(record: object, model: Fixture, known: StoredFixture, as_of: datetime) -> str | None:
    """Why a fixture cannot say less than before about its end; None when it does not, or when it was put off."""
    is_past = model.kickoff_time is not None and model.kickoff_time <= as_of - thresholds.SURELY_STARTED
    if not known.finished or not is_past or model.started is False:
        return None
    if not model.finished:
        return "was finished, and is shown as not finished yet"
    if figures_by_side({"stats": known.stats}) and not figures_by_side(record):
        return "is finished, but its statistics are missing or have another form"
    return None


def _other_gameweek(model: Fixture, known: StoredFixture, deadlines: Mapping[int, datetime]) -> str | None:
    """Why a played fixture cannot be in another gameweek: it was played between the deadlines of the stored one."""
    if not known.finished_provisional or model.kickoff_time is None or model.event in (None, known.gameweek):
        return None
    at = model.kickoff_time
    begun = max(((deadline, gameweek) for gameweek, deadline in deadlines.items() if deadline <= at), default=None)
    if begun is not None and known.gameweek == begun[1]:
        return f"was played in gameweek {known.gameweek}, and is listed in gameweek {model.event}"
    return None


def _has_other_ground(model: Fixture, stored: Mapping[int, StoredFixture], club_codes: Mapping[int, int]) -> bool:
    """Whether a fixture is not at the ground of the stored one."""
    return model.id in stored and club_codes[model.team_h] != stored[model.id].home_team_code


def _is_overdue(model: Fixture, as_of: datetime) -> bool:
    """Whether a fixture is shown as coming although its kick-off has passed long ago."""
    kickoff = model.kickoff_time
    return model.started is False and kickoff is not None and kickoff <= as_of - thresholds.SURELY_STARTED


def goals_by_side(record: object) -> tuple[int, int] | None:
    """The goals of both sides in the `stats` of a fixture, own goals included; None when it has none."""
    figures = figures_by_side(record)
    if "goals_scored" not in figures or "own_goals" not in figures:
        return None
    goals, own_goals = figures["goals_scored"], figures["own_goals"]
    home = sum(goals["h"].values()) + sum(own_goals["a"].values())
    return home, sum(goals["a"].values()) + sum(own_goals["h"].values())


def figures_by_side(record: object) -> dict[str, dict[str, dict[int, int]]]:
    """Identifier -> side ("h" or "a") -> element -> value, from the `stats` of a fixture. Other shapes are left out."""
    stats = record.get("stats") if isinstance(record, Mapping) else None
    found: dict[str, dict[str, dict[int, int]]] = {}
    for line in stats if isinstance(stats, list) else []:
        if isinstance(line, Mapping) and isinstance(line.get("identifier"), str):
            found[line["identifier"]] = {side: _values(line.get(side)) for side in ("h", "a")}
    return found


def _values(entries: object) -> dict[int, int]:
    pairs = entries if isinstance(entries, list) else []
    return {
        entry["element"]: entry["value"]
        for entry in pairs
        if isinstance(entry, Mapping) and type(entry.get("element")) is int and type(entry.get("value")) is int
    }
