"""Whether lineups are those of the requested match. The response names no event, so its players decide.

Each player's own `teamId` counts first. Where a response has none, the clubs count that are stored for the players, by
their link to FPL and by the squads. Single players prove nothing, because youth teams have ids of their own and players
change clubs. FPL's official figures and the score say which of two responses is the better one.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from fpl_pulse.errors import PayloadError
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.known_match import Figures, KnownMatch
from fpl_pulse.etl.lineup_keys import SIDES
from fpl_pulse.etl.lineup_rows import MatchRows, Row


def require_this_match(match: MatchRows, known: KnownMatch, *, forced: bool) -> None:
    """Refuse the lineups of another match or of exchanged sides, and lineups in which players of other clubs played.

    A forced response counts even with single players of other clubs, and where its figures are not FPL's.

    Raises:
        PayloadError: naming the clubs whose players are listed, or how many figures are not FPL's.
    """
    found = {side: _club_of(match.players, side, known) for side in SIDES}
    if any(found[side] not in (None, known.clubs[side]) for side in SIDES):
        listed = " and ".join(f"{known.names.get(found[side] or 0, 'nobody known')} ({side})" for side in SIDES)
        wanted = "-".join(known.names.get(known.clubs[side], "?") for side in SIDES)
        exchanged = all(found[side] == known.clubs[other] for side, other in zip(SIDES, SIDES[::-1], strict=True))
        reason = "home and away are exchanged" if exchanged else "it looks like another match"
        raise PayloadError(f"these are the players of {listed}, not of {wanted}: {reason}")
    if not forced:
        _refuse_strangers(match.players, known)
    ours = _figures(match.players, known)
    compared = len(ours)
    differing = sum(_apart(figures, known.official.get(code, (0, 0))) for code, figures in ours.items())
    if known.official and differing > thresholds.MAX_FOREIGN_FIGURES_SHARE * compared and not forced:
        raise PayloadError(
            f"{differing} of {compared} players have other minutes or goals than FPL's official ones: it looks like"
            " another match"
        )


def disagreements(players: Sequence[Row], known: KnownMatch) -> int:
    """In how many ways rows contradict the score, FPL's official figures and the players' own clubs.

    Of two responses about a match the one with fewer contradictions is the better one.
    """
    apart = 0
    if known.official:
        ours, linked = _figures(players, known), {*known.code_of.values()}
        codes = {*ours, *(code for code in known.official if code in linked)}
        apart = sum(_apart(ours.get(code, (0, 0)), known.official.get(code, (0, 0))) for code in codes)
    for side, other in zip(SIDES, SIDES[::-1], strict=True):
        score = known.score[side]
        if players and score is not None:
            goals = sum(row["goals"] or 0 for row in players if row["side"] == side and row["minutes"])
            own_goals = sum(row["own_goals"] or 0 for row in players if row["side"] == other and row["minutes"])
            apart += abs(score - goals - own_goals)
    return apart + sum(_is_stranger(row, known) for row in players)


def _club_of(players: Iterable[Row], side: str, known: KnownMatch) -> int | None:
    """The club of most players of a side; None where too few are known."""
    of_side = [row for row in players if row["side"] == side]
    stated = Counter(row["shown_team_id"] for row in of_side if row["shown_team_id"] is not None)
    club, most = max(stated.items(), key=lambda one: one[1], default=(0, 0))
    if most >= thresholds.MIN_KNOWN_PLAYERS and most > thresholds.FOREIGN_PLAYERS_SHARE * stated.total():
        # Also a club that is not of the league. Youth teams have ids of their own, but most of a side is of one club.
        return int(club)
    shown = [[row["shown_team_id"]] for row in of_side if row["shown_team_id"] in known.names]
    if len(shown) < thresholds.MIN_KNOWN_PLAYERS:
        shown = [[*known.clubs_of[row["player_id"]]] for row in of_side if row["player_id"] in known.clubs_of]
    if len(shown) < thresholds.MIN_KNOWN_PLAYERS:
        return None
    votes = Counter(club for clubs in shown for club in clubs)
    expected = known.clubs[side]
    # The expected club wins a draw.
    club = max(votes, key=lambda one: (votes[one], one == expected, -one))
    is_clear = votes[club] > thresholds.FOREIGN_PLAYERS_SHARE * len(shown)
    return club if club == expected or is_clear else None


def _is_stranger(row: Row, known: KnownMatch) -> bool:
    """Whether a player belongs to another club of the league by his own `teamId` and by everything stored about him.

    Somebody who left after the match did play in it for FPL, if not on the other side.
    """
    player_id, shown, club = row["player_id"], row["shown_team_id"], known.clubs[row["side"]]
    clubs = known.clubs_of.get(player_id, ())
    if shown == club or shown not in known.names or not clubs or club in clubs:
        return False
    if shown in known.clubs.values():
        return True
    code = known.code_of.get(player_id)
    return code is not None and code not in known.official


def _refuse_strangers(players: Iterable[Row], known: KnownMatch) -> None:
    """Refuse lineups in which players of other clubs have minutes.

    Raises:
        PayloadError: naming the first of them.
    """
    for row in players:
        if row["minutes"] and _is_stranger(row, known):
            club, wanted = (known.names.get(team_id, "?") for team_id in (row["shown_team_id"], row["team_id"]))
            raise PayloadError(
                f"{row['side']}.players.{row['player_id']} has minutes, but is a player of {club}, not of {wanted}"
            )


def _figures(players: Iterable[Row], known: KnownMatch) -> dict[int, Figures]:
    """FPL code -> minutes and goals, of the linked players with minutes; two profiles of one person are added up."""
    figures: dict[int, Figures] = {}
    for row in players:
        code = known.code_of.get(row["player_id"])
        if code is not None and row["minutes"]:
            minutes, goals = figures.get(code, (0, 0))
            figures[code] = minutes + row["minutes"], goals + (row["goals"] or 0)
    return figures


def _apart(one: Figures, other: Figures) -> bool:
    return abs(one[0] - other[0]) > thresholds.MINUTES_TOLERANCE or one[1] != other[1]
