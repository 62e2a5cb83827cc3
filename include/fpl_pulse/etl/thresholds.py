"""What a check lets pass, in one place. Shares are of what there should be."""

from collections.abc import Mapping
from datetime import timedelta

from fpl_pulse.matching.playing_records import MINUTES_APART

TEAMS_A_SEASON = 20
FIXTURES_A_SEASON = 380
STARTERS_A_SIDE = 11

FEWEST_PLAYERS_A_SIDE = 7
"""A club with fewer men may not begin a match: an answer that lists fewer has lost some and is refused."""

SETTLING_TIME = timedelta(hours=48)
"""A match this young may still lack statistics or heatmaps: SofaSport adds some a day or two late."""

MOST_REJECTED = 0.1
"""Share of a list's records that may not fit; more, and the whole answer is refused. Up to three always may, but of a
heatmap's points. Lineups are judged side by side, and impossible statistics count like a record that does not fit."""

MOST_CLUBS_IN_REVIEW = 3
"""FPL clubs that may be without a SofaSport club; the week goes on for the others. Three are promoted each summer."""

QUOTA_RESERVE = 50
"""Calls that heatmaps, season statistics and attributes, hundreds a week, leave in SofaSport's quota: what a week's
calendar and lineups cost at most (5 pages, 20 squads, 20 matches), without which no week can begin."""

MOST_SQUADS_UNREAD = 3
"""Clubs whose squad may fail to be read while the others' are; more is an outage."""

LEAST_LINKED = 0.95
"""Share of FPL's players with minutes who must be linked to SofaSport."""

LEAST_HEATMAPS = 0.90
"""Share of players with minutes who must have a heatmap, over all matches older than the settling time."""

LEAST_SEASON_STATISTICS = 0.98
"""Share of players with minutes who must have season statistics."""

LEAST_ATTRIBUTES = 0.75
"""Share of players with minutes who must have attributes of their own; SofaSport has none for about a tenth."""

LEAST_OF_A_GAMEWEEK: Mapping[str, float | None] = {
    "fixtures with an event": None,
    "played fixtures with an ended event": 1.0,
    "links for players with minutes": LEAST_LINKED,
    "matches with lineups": 1.0,
    "sides with 11 starters": 1.0,
    "heatmaps": LEAST_HEATMAPS,
    "season statistics": LEAST_SEASON_STATISTICS,
    "attributes": LEAST_ATTRIBUTES,
}
"""Share of what a gameweek should have, thing by thing as in `pulse.expected_data`; None is only counted. The shares of
the season hold for each gameweek, so that one with nothing does not hide among 38."""

ALWAYS_MAY_LACK = 3
"""So many of a gameweek may be missing where a share below 1 is wanted: of one match a tenth is not three men."""

ABSENCE_BELIEVED = timedelta(days=14)
"""A heatmap that SofaSport has said for so long it has none of makes no gameweek red any more: one weekly run has been,
nobody asks again, and the season's share holds as ever."""

MOST_DIFFERENT_TOTALS = 0.0
"""Share of players whose season minutes or goals may differ from the sum of their matches."""

MINUTES_TOLERANCE = MINUTES_APART
"""Minutes by which SofaSport and FPL may differ on a player: a substitution in stoppage time or at half-time is not
counted alike. Such a difference is listed and does not count."""

MOST_DIFFERING_IN_A_FIXTURE = 0.2
"""Share of a fixture's players whose minutes or goals may differ between SofaSport and FPL; the fixture is named. Three
people without a link are six of thirty, since they stand on either side; more is another match, or the wrong people."""

MOST_DIFFERING_FIGURES = 0.05
"""The same over all fixtures of the season: as many as may be unlinked. In a replay of 2025-26 none of 11,492 did."""

MOST_DIFFERING_CARDS = 0.01
"""Share of players whose cards of the season may differ between SofaSport and FPL. In a replay of 2025-26 none did."""
