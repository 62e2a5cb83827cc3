"""FPL's clubs, players and fixtures beside the stored ones: whether a response is about the same ones, and is not old.

A single record that cannot be right is rejected: the stored row stays. Where many are, the response is refused.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fpl_pulse.api.payloads_fpl import Element, FplTeam
from fpl_pulse.api.records import ALWAYS_TOLERATED_REJECTIONS, Rejected
from fpl_pulse.errors import PayloadError
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.checking import listed
from fpl_pulse.matching.names import fold


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
    name: str
    """First, second and web name."""
    birth_date: date | None


@dataclass(frozen=True)
class StoredFixture:
    """What identifies a fixture of the season, as stored, and its figures."""

    fixture_id: int
    code: int
    gameweek: int | None
    home_team_code: int
    away_team_code: int
    finished_provisional: bool
    finished: bool
    stats: object
    """As FPL sends them, in `stats`."""


@dataclass(frozen=True)
class StoredSeason:
    """The stored season; empty for a new one."""

    clubs: Mapping[int, StoredClub]
    players: Mapping[int, StoredPlayer]
    fixtures: Mapping[int, StoredFixture]
    finished: frozenset[int]
    """Gameweeks that were finished."""


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
    require_present(stored.keys() - {team.id for team in teams}, len(stored), "clubs")
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
    require_present(stored.keys() - {model.id for model in models}, len(stored), "players")
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


OTHER_NAMES = "players have another name than the stored one"
OTHER_BIRTH_DATES = "players have another birth date than the stored one"


@dataclass(frozen=True)
class OtherPeople:
    """Why a response is about other people."""

    what: str
    """The part of the sentence that names the difference: `players have other names than the stored ones`."""
    sentence: str


def other_people(models: Sequence[Element], stored: Mapping[int, StoredPlayer]) -> OtherPeople | None:
    """Why a response is about other people, by their names or birth dates; None when it is not.

    Single ones are corrected now and then. A corrected name keeps a word.
    """
    renamed, born_otherwise = [], []
    for model in models:
        if model.id not in stored:
            continue
        before = stored[model.id]
        named = " ".join(name for name in (model.first_name, model.second_name, model.web_name) if name)
        if named and not _words(named) & _words(before.name):
            renamed.append(f"{before.name} -> {named}")
        if model.birth_date and before.birth_date and model.birth_date != before.birth_date:
            born_otherwise.append(f"{before.name} {before.birth_date} -> {model.birth_date}")
    for what, found in ((OTHER_NAMES, renamed), (OTHER_BIRTH_DATES, born_otherwise)):
        if len(found) > thresholds.MAX_CHANGED_CODES:
            return OtherPeople(what, f"{len(found)} {what} (at most {thresholds.MAX_CHANGED_CODES}): {listed(found)}")
    return None


def _words(name: str) -> set[str]:
    return set(fold(name).split())


def require_few(rejected: Sequence[Rejected], total: int, what: str) -> None:
    """Refuse a response in which many records contradict what is known.

    Raises:
        PayloadError: more than a tenth of the `total` records are among `rejected`, and more than three.
    """
    if len(rejected) > max(ALWAYS_TOLERATED_REJECTIONS, thresholds.MAX_REJECTED_SHARE * total):
        raise PayloadError(
            f"{len(rejected)} of {total} {what} cannot be right. First: {rejected[0].path}: {rejected[0].reason}"
        )


def require_present(missing: set[int], stored: int, what: str) -> None:
    """Refuse a list that lacks much of what is stored: FPL removes nothing during a season."""
    if len(missing) > max(ALWAYS_TOLERATED_REJECTIONS, thresholds.MAX_REJECTED_SHARE * stored):
        raise PayloadError(f"{len(missing)} of the {stored} stored {what} are missing: the response is incomplete")
