"""FPL's clubs, players and fixtures beside the stored ones: whether a response is about the same ones, and is not old.

A single record that cannot be right is rejected: the stored row stays. Where many are, the response is refused.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fpl_pulse.api.payloads_fpl import Element, Fixture, FplTeam
from fpl_pulse.api.records import ALWAYS_TOLERATED_REJECTIONS, Rejected
from fpl_pulse.errors import PayloadError
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.checking import listed
from fpl_pulse.season import Season

AWARDED = {(3, 0), (0, 3)}
"""Scores of an awarded match, which has no scorers or others."""


@dataclass(frozen=True)
class StoredClub:
    """A club of the season, as stored."""

    team_id: int
    code: int


@dataclass(frozen=True)
class StoredPlayer:
    """What identifies a player of the season, as stored."""

    element_id: int
    code: int
    team_code: int


@dataclass(frozen=True)
class StoredFixture:
    """What identifies a fixture of the season, as stored, and its figures."""

    fixture_id: int
    code: int
    gameweek: int | None
    home_team_code: int
    away_team_code: int
    finished_provisional: bool
    stats: object
    """As FPL sends them, in `stats`."""


@dataclass(frozen=True)
class StoredSeason:
    """The stored season; empty for a new one."""

    clubs: Mapping[int, StoredClub]
    players: Mapping[int, StoredPlayer]
    fixtures: Mapping[int, StoredFixture]


def codes_of_clubs(
    teams: Sequence[FplTeam], elements: Sequence[Element], stored: Mapping[int, StoredClub]
) -> dict[int, int]:
    """FPL's number of each club in the season -> lasting code, of the stored clubs and those of the response.

    Raises:
        PayloadError: a club has another code than the stored one or than most of its players, or too many are missing.
    """
    clubs_of = Counter((model.team, model.team_code) for model in elements)
    size = Counter(model.team for model in elements)
    for team in teams:
        known = stored.get(team.id)
        if stored and (known is None or known.code != team.code):
            had = f"code {known.code}" if known else "no such club"
            raise PayloadError(f"club {team.id} ({team.name}) has code {team.code}, but the stored season has {had}")
        if 2 * clubs_of[team.id, team.code] < size[team.id]:
            raise PayloadError(f"club {team.id} ({team.name}) has code {team.code}, but its players another")
    _require_present(stored.keys() - {team.id for team in teams}, len(stored), "clubs")
    return {club.team_id: club.code for club in stored.values()} | {team.id: team.code for team in teams}


Pair = tuple[Any, Element]


def check_players(
    elements: Sequence[Pair], stored: Mapping[int, StoredPlayer], club_codes: Mapping[int, int]
) -> tuple[list[Pair], list[Rejected]]:
    """The players who are those that are stored, or new ones, and the rejected records.

    A few players may have a new code, as FPL replaces temporary ones.

    Raises:
        PayloadError: too many players have a new code, are at another club, are missing, or are rejected.
    """
    accepted: list[Pair] = []
    rejected: list[Rejected] = []
    owner = {player.code: player.element_id for player in stored.values()}
    codes = set(club_codes.values())
    for record, model in elements:
        reason = _reason_against_player(model, owner, club_codes, codes)
        if reason:
            rejected.append(Rejected(f"elements.{model.id}", reason, record))
        else:
            accepted.append((record, model))
    models = [model for _, model in elements]
    changed = [model for model in models if model.id in stored and stored[model.id].code != model.code]
    if len(changed) > thresholds.MAX_CHANGED_CODES:
        examples = listed([f"{one.web_name} {stored[one.id].code} -> {one.code}" for one in changed])
        raise PayloadError(
            f"{len(changed)} players have another code than the one that is stored for their element id (at most"
            f" {thresholds.MAX_CHANGED_CODES}): {examples}. FPL's codes are for life, so these are other people"
        )
    _require_present(stored.keys() - {model.id for model in models}, len(stored), "players")
    _require_same_clubs(models, stored)
    require_few(rejected, len(elements), "players")
    return accepted, rejected


def _reason_against_player(
    model: Element, owner: Mapping[int, int], club_codes: Mapping[int, int], codes: set[int]
) -> str | None:
    if model.team_code not in codes:
        return f"team_code {model.team_code} is no club of the season"
    if model.team is not None and club_codes.get(model.team) != model.team_code:
        return f"team {model.team} and team_code {model.team_code} are two clubs"
    if owner.get(model.code, model.id) != model.id:
        return f"code {model.code} is that of element {owner[model.code]}"
    return None


def _require_same_clubs(models: Sequence[Element], stored: Mapping[int, StoredPlayer]) -> None:
    """Refuse a response in which most players of a club are at one other club."""
    present = [(stored[model.id].team_code, model.team_code) for model in models if model.id in stored]
    size = Counter(before for before, _ in present)
    for (before, now), moved in Counter(present).items():
        if before != now and moved > max(ALWAYS_TOLERATED_REJECTIONS, thresholds.MAX_MOVED_SHARE * size[before]):
            raise PayloadError(f"{moved} of {size[before]} players of club {before} are at club {now}: clubs exchanged")


FixturePair = tuple[Any, Fixture]


def check_fixtures(
    fixtures: Sequence[FixturePair],
    season: Season,
    stored: StoredSeason,
    *,
    club_codes: Mapping[int, int],
    gameweeks: set[int],
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
        reason = _reason_against_fixture(record, model, season, club_codes, gameweeks)
        if not reason and known:
            reason = _reason_against_stored(model, known, club_codes, is_repeated=times[model.team_h, model.team_a] > 1)
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
    _require_present(stored.fixtures.keys() - ids, len(stored.fixtures), "fixtures")
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


def require_few(rejected: Sequence[Rejected], total: int, what: str) -> None:
    """Refuse a response in which many records contradict what is known.

    Raises:
        PayloadError: more than a tenth of the `total` records are among `rejected`, and more than three.
    """
    if len(rejected) > max(ALWAYS_TOLERATED_REJECTIONS, thresholds.MAX_REJECTED_SHARE * total):
        raise PayloadError(
            f"{len(rejected)} of {total} {what} cannot be right. First: {rejected[0].path}: {rejected[0].reason}"
        )


def _require_present(missing: set[int], stored: int, what: str) -> None:
    """Refuse a list that lacks much of what is stored: FPL removes nothing during a season."""
    if len(missing) > max(ALWAYS_TOLERATED_REJECTIONS, thresholds.MAX_REJECTED_SHARE * stored):
        raise PayloadError(f"{len(missing)} of the {stored} stored {what} are missing: the response is incomplete")
