"""What a check lets pass, in one place. Shares are of what there should be."""

from datetime import timedelta

TEAMS_A_SEASON = 20
FIXTURES_A_SEASON = 380
STARTERS_A_SIDE = 11

SETTLING_TIME = timedelta(hours=48)
"""A match this young may still lack statistics or heatmaps: SofaSport adds some a day or two late."""

MOST_REJECTED = 0.1
"""Share of a list's records that may not fit; more, and the whole answer is refused. Up to three always may."""

LEAST_LINKED = 0.95
"""Share of FPL's players with minutes who must be linked to SofaSport."""

LEAST_HEATMAPS = 0.90
"""Share of players with minutes who must have a heatmap, over all matches older than the settling time."""

LEAST_SEASON_STATISTICS = 0.98
"""Share of players with minutes who must have season statistics."""

LEAST_ATTRIBUTES = 0.75
"""Share of players with minutes who must have attributes of their own; SofaSport has none for about a tenth."""

MOST_DIFFERENT_TOTALS = 0.0
"""Share of players whose season minutes or goals may differ from the sum of their matches."""
