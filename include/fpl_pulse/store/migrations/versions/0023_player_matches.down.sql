alter function pulse.week_monday(timestamptz) security invoker reset search_path;
do $$
declare
    source text;
    event text;
begin
    foreach source in array array['fpl_fixtures', 'fpl_player_fixtures', 'fpl_players', 'fixture_mappings',
                                  'player_mappings', 'sofasport_events', 'sofasport_lineup_players'] loop
        foreach event in array array['insert', 'update', 'delete'] loop
            execute format('drop trigger follow_%s_for_matches on pulse.%I', event, source);
        end loop;
    end loop;
end
$$;
drop function pulse.follow_player_matches();
drop function pulse.refresh_player_matches(text, integer[]);
drop function pulse.player_matches_of(text, integer[]);
drop table pulse.player_matches;
