"""What the loads and checks tolerate, all in one place. A share is of what there should be, from 0 to 1."""

from collections.abc import Mapping
from datetime import timedelta

from fpl_pulse.matching.playing_records import MINUTES_APART

STARTERS_PER_SIDE = 11

MIN_PLAYERS_PER_SIDE = 7
"""The laws of the game forbid a match with fewer. A response that lists fewer has lost some, so it is rejected."""

SETTLING_TIME = timedelta(hours=48)
"""Until then after kick-off a match may lack statistics or heatmaps: SofaSport adds some a day or two late."""

MAX_REJECTED_SHARE = 0.1
"""Share of a list's records that may be rejected. If more are, the whole response is rejected. Up to three rejected
records are always tolerated; heatmap points have no such allowance. In lineups each side is judged by itself, and a
player with impossible statistics counts as a rejected record."""

MIN_COMPARED_POINTS = 10
"""Heatmaps with fewer points are not compared with others: they may be equal by chance."""

FURTHEST_KEEPER, NEAREST_FIELD_PLAYER = 40.0, 12.0
"""The average x of a goalkeeper's points is at most the first, that of a field player's at least the second."""

MIN_KNOWN_PLAYERS = 4
"""Players of a side or squad whose club must be known before the side is taken for another club's."""

FOREIGN_PLAYERS_SHARE = 0.6
"""More than this share of the known players of a side or squad must belong to another club before it is taken for
that club's. Youth players and players who have just changed clubs are a few."""

MIN_SQUAD_SHARE = 0.6
"""A squad with fewer players than this share of FPL's players of the club is requested again: it may be a part."""

MAX_VANISHED_SHARE = 0.4
"""Share of a squad that may leave between two requests, which are at most four weeks apart."""

MAX_FOREIGN_FIGURES_SHARE = 0.5
"""Share of a match's linked players whose minutes or goals may differ from FPL's. If more differ, the lineups are those
of another match."""

MAX_NEW_CONTRADICTIONS = 3
"""In so many players or goals more than the stored match a response about it may contradict FPL's official figures or
the score. If it contradicts them in more, the stored match is kept."""

MAX_FOREIGN_EVENTS_SHARE = 0.5
"""Share of a page's events that may be of another competition or season. If more are, it is not the requested page."""

MAX_KICK_OFF_DIFFERENCE = timedelta(days=3)
"""By how much the kick-offs of an event and of FPL's fixture may differ when the match was played. The sources announce
a new kick-off at different times, but agree on the day when it comes."""

CONFIRMED_AFTER = timedelta(days=6)
"""A source that says the same in two weekly runs, which are a week apart, means it."""

SAME_KICK_OFF = timedelta(hours=1)
"""By how much two kick-offs of the same announcement may differ."""
MAX_CHANGED_CODES = 5
"""FPL players whose lasting code may change in one response. FPL replaces the temporary code of a newcomer now and
then; in a replay of 2025-26 it replaced none. More means that the response is about other people."""

MAX_MOVED_SHARE = 0.5
"""Share of a club's FPL players who may be at one other club in the next response. More means exchanged clubs."""

SURELY_NOTICED = timedelta(hours=36)
"""FPL shows a new current gameweek at most so long after its deadline. A response that does not is an old one."""

SURELY_STARTED = timedelta(hours=12)
"""A match is shown as started at most so long after its kick-off. A response that shows many as coming is old."""
UNUSABLE_IS_FINAL_AFTER = timedelta(days=21)
"""How long a response with missing keys or invalid values is requested again while the source sends the same."""

MAX_CLUBS_IN_REVIEW = 3
"""FPL clubs without a SofaSport club; the run continues for the others. Three clubs are promoted each summer."""

QUOTA_RESERVE_CALLS = 50
"""SofaSport calls that heatmaps, season statistics and attributes (hundreds a week) leave in the quota. A week cannot
begin without its calendar and lineups, which take at most 5 pages, 20 squads and 20 matches."""

MAX_UNREAD_SQUADS = 3
"""Clubs whose squad request may fail in one run; more is treated as an outage."""

MIN_LINKED_SHARE = 0.95
"""Share of FPL players with minutes who are linked to a SofaSport player."""

MIN_HEATMAPS_SHARE = 0.90
"""Share of players with minutes who have a heatmap, over all matches older than `SETTLING_TIME`."""

MIN_SEASON_STATISTICS_SHARE = 0.98
"""Share of players with minutes who have season statistics."""

MIN_ATTRIBUTES_SHARE = 0.75
"""Share of players with minutes who have attributes of their own. SofaSport has none for about a tenth of them."""

MIN_GAMEWEEK_SHARES: Mapping[str, float | None] = {
    "fixtures with an event": None,
    "played fixtures with an ended event": 1.0,
    "links for players with minutes": MIN_LINKED_SHARE,
    "matches with lineups": 1.0,
    "sides with 11 starters": 1.0,
    "heatmaps": MIN_HEATMAPS_SHARE,
    "season statistics": MIN_SEASON_STATISTICS_SHARE,
    "attributes": MIN_ATTRIBUTES_SHARE,
}
"""The same shares for each single gameweek, so that an empty one cannot hide among 38. The keys are the values of
`what` in `pulse.expected_data`; None means counted but not judged."""

ALWAYS_TOLERATED_MISSING = 3
"""Things that a gameweek may lack where its share is below 1. With a single match, 10 % would be too strict."""

NO_DATA_FINAL_AFTER = timedelta(days=14)
"""From this age on, "no data" for a heatmap no longer fails its gameweek: a weekly run has requested it again in vain
and no later run will. The season's share still counts it as missing."""

MAX_DIFFERENT_TOTALS_SHARE = 0.0
"""Share of players whose season minutes or goals may differ from the sum of their matches."""

MINUTES_TOLERANCE = MINUTES_APART
"""Minutes by which SofaSport and FPL may differ on a player. They count a substitution at half-time or in stoppage time
differently. Such differences are listed but do not fail the check."""

MAX_FIXTURE_DIFFERENCE_SHARE = 0.2
"""Share of a fixture's players whose minutes or goals may differ between SofaSport and FPL. Three players without a
link appear once for each source, which makes six of thirty. More means a wrong match or wrong links."""

MAX_SEASON_DIFFERENCE_SHARE = 0.05
"""The same over all fixtures of the season: as large as the share that may lack a link. In a replay of 2025-26 none of
11,492 players differed."""

MAX_CARD_DIFFERENCE_SHARE = 0.01
"""Share of players whose cards of the season may differ between SofaSport and FPL. In a replay of 2025-26 none did."""
