create view webapp.teams as
select current.observed_at as created_at, teams.updated_at, teams.team_id::integer as id, teams.code,
       left(teams.name, 255)::varchar(255) as name, left(teams.short_name, 10)::varchar(10) as short_name,
       webapp.integer_of(teams.details, 'strength') as strength, ranks.played, ranks.won as win,
       ranks.drawn as draw, ranks.lost as loss, ranks.points,
       coalesce(webapp.integer_of(teams.details, 'position'), ranks.rank) as position,
       webapp.text_of(teams.details, 'form', 50)::varchar(50) as form,
       coalesce(webapp.boolean_of(teams.details, 'unavailable'), false) as unavailable,
       webapp.integer_of(teams.details, 'strength_overall_home') as strength_overall_home,
       webapp.integer_of(teams.details, 'strength_overall_away') as strength_overall_away,
       webapp.integer_of(teams.details, 'strength_attack_home') as strength_attack_home,
       webapp.integer_of(teams.details, 'strength_attack_away') as strength_attack_away,
       webapp.integer_of(teams.details, 'strength_defence_home') as strength_defence_home,
       webapp.integer_of(teams.details, 'strength_defence_away') as strength_defence_away,
       webapp.integer_of(teams.details, 'team_division') as team_division,
       webapp.integer_of(teams.details, 'pulse_id') as pulse_id
from pulse.fpl_teams as teams
join webapp.current_season as current using (season)
join fpl.teams as ranks using (season, team_id);

comment on view webapp.teams is 'Clubs of the current season. The league table is computed from the results.';
