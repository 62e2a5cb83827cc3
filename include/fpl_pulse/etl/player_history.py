"""What FPL overwrites of each player is kept: price, ownership, transfers, availability, form."""

from collections.abc import Sequence

from psycopg import sql

from fpl_pulse.etl.context import StepContext
from fpl_pulse.season import Season
from fpl_pulse.store.merge import Written

STATE = (
    "team_code", "now_cost", "selected_by_percent", "transfers_in", "transfers_in_event", "transfers_out",
    "transfers_out_event", "status", "chance_of_playing_this_round", "chance_of_playing_next_round", "news",
    "news_added_at", "form", "expected_points_this_round", "expected_points_next_round",
)  # fmt: skip
"""The columns of fpl_players whose earlier values fpl_player_history has."""

_KEEP = sql.SQL("""
    insert into pulse.fpl_player_history as history (season, element_id, observed_at, {names})
    select season, element_id, %(as_of)s, {now}
    from pulse.fpl_players as now
    left join lateral (
        select true as is_known, {names} from pulse.fpl_player_history as earlier
        where earlier.season = now.season and earlier.element_id = now.element_id and observed_at <= %(as_of)s
        order by observed_at desc limit 1
    ) as before on true
    where season = %(season)s and element_id = any(%(elements)s::int[])
      and (before.is_known is null or row({now}) is distinct from row({before}))
    on conflict (season, element_id, observed_at) do update set ({names}, updated_at) = row({new}, now())
    returning xmax = 0
""").format(
    names=sql.SQL(", ").join(map(sql.Identifier, STATE)),
    now=sql.SQL(", ").join(sql.Identifier("now", name) for name in STATE),
    before=sql.SQL(", ").join(sql.Identifier("before", name) for name in STATE),
    new=sql.SQL(", ").join(sql.Identifier("excluded", name) for name in STATE),
)


def keep_player_history(context: StepContext, season: Season, elements: Sequence[int]) -> Written:
    """Add the states of players that differ from those before the as-of time.

    Args:
        context: the step's tools.
        season: of the players.
        elements: the players whom FPL has listed at the as-of time. fpl_players has their states.
    """
    wanted = {"season": season, "elements": [*elements], "as_of": context.as_of}
    added = [is_new for (is_new,) in context.conn.execute(_KEEP, wanted).fetchall()]
    return Written(inserted=sum(added), updated=len(added) - sum(added))
