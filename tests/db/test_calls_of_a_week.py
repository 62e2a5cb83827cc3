"""About how many calls a week makes, as `make up` says before the pipelines are switched on."""

import psycopg
from psycopg.conninfo import make_conninfo

from dev.local.switches import calls_sentence
from dev.pipelines import Pipelines

GENERAL = "A first week fetches all earlier matches of the season: about 3,300 calls to SofaSport in October."


def test_before_any_run_the_general_figures_are_given(dsn: str) -> None:
    assert calls_sentence(dsn).startswith(GENERAL)


def test_after_a_run_the_forecast_of_the_coming_week_is_given(loaded: Pipelines) -> None:
    info = loaded.conn.info
    dsn = make_conninfo("", host=info.host, port=info.port, user=info.user, password=info.password, dbname=info.dbname)
    forecast = loaded.one("select calls_forecast from pulse.quota_outlook")
    assert isinstance(forecast, int)
    assert calls_sentence(dsn) == (
        f"All slots of a week make about {forecast:,} calls to SofaSport, judging by the last four weeks."
    )
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute("update pulse.fpl_fixtures set kickoff_at = kickoff_at + interval '60 days'")
    # In a week without a match the forecast is no help.
    assert calls_sentence(dsn).startswith(GENERAL)
