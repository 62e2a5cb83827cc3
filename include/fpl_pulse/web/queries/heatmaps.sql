select fixture_id, min(event_id) as event_id, min(kickoff_at) as kickoff_at, min(team) as team, min(venue) as venue,
       jsonb_agg(jsonb_build_object('x', x, 'y', y) order by number) as coordinates, count(*) as point_count
from fpl.heatmap_points
where season = %(season)s and gameweek = %(gameweek)s and code = %(code)s
group by fixture_id
order by min(kickoff_at), fixture_id
