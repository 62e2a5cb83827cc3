"""FPL's endpoints: fantasy.premierleague.com, under `/api/`, without a key."""

from fpl_pulse.api.http import Resource

BOOTSTRAP = "fpl/bootstrap-static"
FIXTURES = "fpl/fixtures"
LIVE = "fpl/event/live"


def bootstrap() -> Resource:
    """Gameweeks (`events`), clubs (`teams`) and players (`elements`) of the season."""
    return Resource("fpl", BOOTSTRAP, "/api/bootstrap-static/")


def fixtures() -> Resource:
    """All 380 fixtures as now planned or played."""
    return Resource("fpl", FIXTURES, "/api/fixtures/")


def live(gameweek: int) -> Resource:
    """Every player's official figures in a gameweek: `elements[]` of {id, stats, explain[]}."""
    return Resource("fpl", LIVE, f"/api/event/{gameweek}/live/", {"gw": gameweek}, query={})
