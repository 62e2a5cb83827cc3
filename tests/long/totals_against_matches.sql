-- One row per player with season statistics: his season totals, the sums of his matches, and whether the matches are
-- final. SofaSport corrects a match for three days; the pipelines fetch it for the last time after seven.
select
    statistics.player_id,
    min(events.start_at) is not null and max(events.start_at) < %(as_of)s::timestamptz - interval '7 days' as is_final,
    statistics.minutes as season_minutes, sum(players.minutes)::int as match_minutes,
    statistics.goals as season_goals, sum(players.goals)::int as match_goals,
    statistics.assists as season_assists, sum(players.assists)::int as match_assists,
    statistics.shots as season_shots, sum(players.shots)::int as match_shots,
    statistics.shots_on_target as season_shots_on_target, sum(players.shots_on_target)::int as match_shots_on_target,
    statistics.key_passes as season_key_passes, sum(players.key_passes)::int as match_key_passes,
    statistics.passes as season_passes, sum(players.passes)::int as match_passes,
    statistics.accurate_passes as season_accurate_passes, sum(players.accurate_passes)::int as match_accurate_passes,
    statistics.touches as season_touches, sum(players.touches)::int as match_touches,
    statistics.duels_won as season_duels_won, sum(players.duels_won)::int as match_duels_won,
    statistics.tackles as season_tackles, sum(players.tackles)::int as match_tackles,
    statistics.interceptions as season_interceptions, sum(players.interceptions)::int as match_interceptions,
    statistics.clearances as season_clearances, sum(players.clearances)::int as match_clearances,
    statistics.recoveries as season_recoveries, sum(players.recoveries)::int as match_recoveries,
    statistics.fouls as season_fouls, sum(players.fouls)::int as match_fouls,
    statistics.was_fouled as season_was_fouled, sum(players.was_fouled)::int as match_was_fouled,
    statistics.saves as season_saves, sum(players.saves)::int as match_saves
from pulse.sofasport_season_statistics as statistics
left join pulse.sofasport_lineup_players as players on players.player_id = statistics.player_id and players.minutes > 0
left join pulse.sofasport_events as events on events.event_id = players.event_id and events.season = statistics.season
group by statistics.season, statistics.player_id
