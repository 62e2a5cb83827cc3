"""FPL's endpoints: fantasy.premierleague.com under `/api/`, without a key."""

from fpl_pulse.api.calls import Resource

BOOTSTRAP = "fpl/bootstrap-static"
FIXTURES = "fpl/fixtures"
LIVE = "fpl/event/live"


def bootstrap() -> Resource:
    """The present season's gameweeks (`events[]`), clubs (`teams[]`) and players (`elements[]`)."""
    return Resource("fpl", BOOTSTRAP, "/api/bootstrap-static/")


def fixtures(season: str) -> Resource:
    """All 380 fixtures as now planned or played: a list of {id, code, event, kickoff_time, team_h, team_a, …}.

    FPL serves the present season only. `season` is not sent; it keeps the seasons apart in the archive.
    """
    return Resource("fpl", FIXTURES, "/api/fixtures/", {"season": season}, query={})


def live(season: str, gameweek: int) -> Resource:
    """Every player's official figures in a gameweek: `elements[]` of {id, stats, explain[]}. `season` is not sent."""
    return Resource("fpl", LIVE, f"/api/event/{gameweek}/live/", {"gw": gameweek, "season": season}, query={})
