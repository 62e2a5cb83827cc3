"""FPL's endpoints: fantasy.premierleague.com, under `/api/`, without a key."""

from fpl_pulse.api.calls import Resource

BOOTSTRAP = "fpl/bootstrap-static"
FIXTURES = "fpl/fixtures"
LIVE = "fpl/event/live"


def bootstrap() -> Resource:
    """Gameweeks (`events`), clubs (`teams`) and players (`elements`) of the season."""
    return Resource("fpl", BOOTSTRAP, "/api/bootstrap-static/")


def fixtures(season: str) -> Resource:
    """All 380 fixtures as now planned or played. The season is for the archive: FPL only ever has the present one."""
    return Resource("fpl", FIXTURES, "/api/fixtures/", {"season": season}, query={})


def live(season: str, gameweek: int) -> Resource:
    """Every player's official figures in a gameweek: `elements[]` of {id, stats, explain[]}."""
    return Resource("fpl", LIVE, f"/api/event/{gameweek}/live/", {"gw": gameweek, "season": season}, query={})
