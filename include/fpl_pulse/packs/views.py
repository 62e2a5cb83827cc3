"""The views of the schema `fpl`: the key of each, and what of it belongs in a pack."""

from dataclasses import dataclass


@dataclass(frozen=True)
class View:
    """A view of the schema `fpl`."""

    name: str
    key: tuple[str, ...]
    """The columns of which each row has another combination."""
    has_gameweek: bool = False
    """Whether it has a column `gameweek`: a pack then has its rows of the gameweek by themselves, too."""
    is_calendar: bool = False
    """Whether a pack has all gameweeks of the season, also those to come."""
    is_compared: bool = False
    """Whether a pack says which gameweeks of it were revised since the last pack."""


VIEWS = {
    view.name: view
    for view in (
        View("seasons", ("season",)),
        View("gameweeks", ("season", "gameweek"), has_gameweek=True, is_calendar=True),
        View("teams", ("season", "team_code")),
        View("players", ("season", "code")),
        View("fixtures", ("season", "fixture_id"), has_gameweek=True, is_calendar=True, is_compared=True),
        View("player_matches", ("season", "fixture_id", "code"), has_gameweek=True, is_compared=True),
        View("player_gameweeks", ("season", "gameweek", "code"), has_gameweek=True, is_compared=True),
        View("player_seasons", ("season", "code")),
        View("team_matches", ("season", "fixture_id", "team_code"), has_gameweek=True, is_compared=True),
        View("heatmaps", ("season", "fixture_id", "code"), has_gameweek=True, is_compared=True),
        View("heatmap_points", ("season", "fixture_id", "code", "number"), has_gameweek=True, is_compared=True),
        View("player_history", ("season", "code", "observed_from")),
        View("players_at_deadline", ("season", "gameweek", "code"), has_gameweek=True, is_compared=True),
        View("price_changes", ("season", "code", "seen_at")),
        View("season_statistics", ("season", "code")),
        View("match_statistics", ("season", "fixture_id", "code"), has_gameweek=True, is_compared=True),
        View("radar", ("code",)),
        View("radar_seasons", ("season", "code")),
        View(
            "corrections",
            (
                "changed_at", "table_name", "figure", "season", "fixture_id", "sofasport_player_id", "code", "side",
            ),
            has_gameweek=True,
        ),
        View("review_queue", ("season", "kind", "sofasport_id", "fpl_id")),
        View("coverage", ("season", "gameweek", "what"), has_gameweek=True),
        View("week_status", ("dag_id",)),
        View("external_ids", ("code", "provider")),
    )
}  # fmt: skip
"""Name -> view. A test compares them with the database."""

NOT_IN_PACKS = frozenset({"coverage", "week_status"})
"""Views that a pack leaves out: they are about runs, and change while the data stays."""

PACKED = tuple(view for name, view in VIEWS.items() if name not in NOT_IN_PACKS)
"""The views of a pack, in the order of its lists."""

SEASON_CONDITIONS = {
    "radar": "true",
    "radar_seasons": "season <= %(season)s",
    # Ids are those of a person for life.
    "external_ids": "true",
    # A correction of a figure of the whole season names no match, and so no season.
    "corrections": "(season = %(season)s or season is null)",
    "week_status": "true",
}
"""View -> the condition for the rows of a season; `season = %(season)s` where none is named."""


SOURCES = {
    # The newest radar up to the season. The view has the newest of all, which can be of a later season.
    "radar": "(select distinct on (code) * from fpl.radar_seasons where season <= %(season)s"
    " order by code, season desc) as radar"
}
"""View -> what its rows are read from instead of the view."""

CORRECTIONS_IN_PACKS = "season = %(season)s and (gameweek <= %(gameweek)s or gameweek is null)"
"""Corrections of matches only. The figures of a season grow each week, which the view lists as corrections, too."""


def condition_of(view: View, *, until_gameweek: bool) -> str:
    """The SQL condition for the rows of a season; the parameters are `season` and `gameweek`.

    Args:
        view: the view.
        until_gameweek: leave out later gameweeks, except in a calendar.
    """
    of_season = SEASON_CONDITIONS.get(view.name, "season = %(season)s")
    if not until_gameweek or not view.has_gameweek or view.is_calendar:
        return of_season
    if view.name == "corrections":
        return CORRECTIONS_IN_PACKS
    return f"{of_season} and gameweek <= %(gameweek)s"
