-- What every table, view, column and function means. Applied after each upgrade; docs/data-dictionary.md is made from it.

comment on table pulse.alerts is 'What somebody should look at, one row a thing and moment; a repeated run raises nothing twice.';
comment on column pulse.alerts.kind is 'About the data: link_contradicted, decision_contradicted, club_in_review, squad_unread, run_short. About the week: run_failed, deadline_missed, run_missing, run_late.';
comment on column pulse.alerts.subject is 'What it is about, as player 1234.';
comment on column pulse.alerts.as_of is 'The moment of the run that raised it.';
comment on column pulse.alerts.message is 'A sentence: what happened, and what to do.';
comment on column pulse.alerts.raised_at is 'Wall clock.';
comment on column pulse.alerts.closed_at is 'The moment of the run that found it to be over; null while somebody should look.';
comment on column pulse.alerts.notified_at is 'Wall clock at which the channels of the connection fpl_pulse_alerts took it; null while none has.';
comment on column pulse.alerts.deliveries is 'How often it was tried to send it; given up after five times or eight days.';
comment on column pulse.alerts.claimed_at is 'Wall clock at which somebody began to send it, so that nobody else does.';
comment on column pulse.alerts.delivery_error is 'Why the last try to send it failed, without the channel''s address.';

comment on table pulse.api_calls is 'The ledger: one row for every HTTP call, good or bad.';
comment on column pulse.api_calls.status is 'HTTP status; 0 when there was no answer.';
comment on column pulse.api_calls.outcome is 'answered, no_data, or the name of the error.';
comment on column pulse.api_calls.purpose is 'What the call was made for, in words.';
comment on column pulse.api_calls.map_index is 'Which of the mapped tasks; -1 for a task that is not mapped.';
comment on column pulse.api_calls.attempt is 'Which attempt of the same call within a task''s try.';
comment on column pulse.api_calls.seconds is 'From the start of the call to the end of the answer, the wait for its turn left out.';
comment on column pulse.api_calls.bytes is 'Size of the answer''s body.';
comment on column pulse.api_calls.quota_remaining is 'x-ratelimit-requests-remaining; null when the API did not send it.';
comment on column pulse.api_calls.quota_resets_at is 'Wall clock at which the quota begins anew, from x-ratelimit-requests-reset; null when the API did not send it.';

comment on table pulse.api_pace is 'When the next call of an API may start: one pace for the whole installation.';
comment on column pulse.api_pace.slowed_to is 'Calls a second to which everybody slowed down when the source last said that it was too fast; null when it never has.';
comment on column pulse.api_pace.slowed_at is 'When that was; from there the rate grows again.';

comment on function pulse.attributes_as_of is 'sofasport_attributes as a run at that moment would have found it.';

comment on view pulse.changes is 'Every corrected figure with both values and the moment of the run that saw the new one; filter by changed_at and table_name.';
comment on column pulse.changes.key is 'The row''s primary key as an object.';
comment on column pulse.changes.old_value is 'Null when the figure was not there, or is a list or an object (then the two are in the revision and the table).';
comment on column pulse.changes.new_value is 'As old_value.';
comment on column pulse.changes.figure is 'The column, or statistics.key; "row taken away" when the whole row was.';
comment on column pulse.changes.old_since is 'The moment of the run that first saw the old value.';

comment on table pulse.coverage is 'What the check of each run found of every gameweek. A run that is cleared writes its rows anew.';
comment on column pulse.coverage.gameweek is 'See expected_data; 0 when it is unknown.';
comment on column pulse.coverage.what is 'See expected_data.';
comment on column pulse.coverage.season is 'Season as 2025-26.';
comment on column pulse.coverage.have is 'How many were there.';
comment on column pulse.coverage.want is 'How many had to be there by then, and any that were there before they had to.';
comment on column pulse.coverage.not_yet is 'How many more were missing and might be: of a match younger than the settling time, left out by a short run, or waiting for a club or a lineup.';
comment on column pulse.coverage.least is 'Share that had to be there; null when it is only counted.';
comment on column pulse.coverage.is_enough is 'Whether the check was content: no more was missing than `least` allows of want and not_yet together, or than the few that always may; false made the run red.';
comment on column pulse.coverage.is_complete is 'Enough even if not_yet counts as missing; of what is only counted, all of it.';
comment on column pulse.coverage.missing is 'The first 50 of those that had to be there and were not, in order of kick-off.';
comment on column pulse.coverage.missing_count is 'How many they are in all.';
comment on column pulse.coverage.as_of is 'The moment of the run.';

comment on function pulse.current_rate is 'Calls a second at a moment: what is wanted, or less for a while after the source has said that it was too fast.';

comment on function pulse.differences is 'What differs between two contents of a row, as revisions.changed says it.';

comment on view pulse.event_gameweeks is 'The gameweek that each event counts to.';
comment on column pulse.event_gameweeks.gameweek is 'FPL''s gameweek of the linked fixture; without one, SofaSport''s round as planned; 0 when neither is known.';
comment on column pulse.event_gameweeks.start_at is 'The kick-off.';
comment on column pulse.event_gameweeks.has_ended is 'Whether SofaSport says that it was played to its end.';
comment on column pulse.event_gameweeks.match is 'In words, with the event''s id.';

comment on view pulse.expected_data is 'Each single thing that there should be, by gameweek, and whether it is there: what the checks and pulse.freshness count.';
comment on column pulse.expected_data.season is 'Season as 2025-26.';
comment on column pulse.expected_data.gameweek is 'Of matches and players as event_gameweeks.gameweek, of fixtures and links FPL''s; 0 when unknown.';
comment on column pulse.expected_data.what is 'fixtures with an event; played fixtures with an ended event; links for players with minutes (in FPL''s figures); matches with lineups (played ones, both sides confirmed and with minutes); sides with 11 starters (of the confirmed ones); heatmaps (of players with minutes); season statistics (that reach to this gameweek''s minutes, of players who appeared); attributes (of any season, of players who appeared).';
comment on column pulse.expected_data.table_name is 'The table that it is in; sides with 11 starters are counted in sofasport_lineup_players.';
comment on column pulse.expected_data.event_id is 'The match; null for what belongs to none.';
comment on column pulse.expected_data.player_id is 'SofaSport''s player; null for what belongs to none.';
comment on column pulse.expected_data.name is 'In words.';
comment on column pulse.expected_data.start_at is 'The kick-off, the last one of a player with several matches in the gameweek; null for what is owed before the match.';
comment on column pulse.expected_data.may_wait is 'It cannot be there yet: a club waits to be linked, or the lineups by which a player is found have not come.';
comment on column pulse.expected_data.written_at is 'Wall clock of the last change of its row; null while it is not there.';

comment on table pulse.figure_differences is 'Every figure that SofaSport and FPL state differently, with both values. Cards can only be compared by season.';
comment on column pulse.figure_differences.fixture_id is 'FPL''s fixture; 0 for the whole season.';
comment on column pulse.figure_differences.fpl_code is 'The person, as fpl_players.code; 0 when FPL''s side is not linked.';
comment on column pulse.figure_differences.sofasport_player_id is '0 when SofaSport''s side is not linked. Of a person with two profiles the one that played.';
comment on column pulse.figure_differences.sofasport_value is 'Null when SofaSport has no minutes for the player in the fixture, or nobody is linked; then figure is minutes.';
comment on column pulse.figure_differences.fpl_value is 'As sofasport_value, at FPL.';
comment on column pulse.figure_differences.counts is 'Whether the difference counts against the check: minutes beyond the tolerance, goals, and cards unless a sending-off or a card on the bench explains them; never assists, which the two count differently.';

comment on table pulse.fixture_mappings is 'SofaSport event to FPL fixture. All events of a fixture are kept, at most one is current.';
comment on column pulse.fixture_mappings.is_current is 'Whether this event is the one in which the fixture is or was played.';
comment on column pulse.fixture_mappings.method is 'What the link rests on.';
comment on column pulse.fixture_mappings.confidence is '0-1.';
comment on column pulse.fixture_mappings.evidence is 'The reason in words.';
comment on column pulse.fixture_mappings.made_at is 'The moment of the run that made the link.';
comment on column pulse.fixture_mappings.confirmed_at is 'The moment of the newest run that still made the link.';

comment on table pulse.fixture_reconciliations is 'Each played fixture whose minutes both sides have: SofaSport''s minutes and goals held against FPL''s official figures.';
comment on column pulse.fixture_reconciliations.event_id is 'The current event, whose lineups were compared.';
comment on column pulse.fixture_reconciliations.players is 'Players with minutes on either side; who is not linked stands on both.';
comment on column pulse.fixture_reconciliations.differing is 'Of these, how many have a difference that counts against the check; see figure_differences.';
comment on column pulse.fixture_reconciliations.only_fpl is 'Of these, with minutes at FPL and none at SofaSport, or not linked.';
comment on column pulse.fixture_reconciliations.only_sofasport is 'Of these, with minutes at SofaSport and none at FPL, or not linked.';

comment on table pulse.fpl_fixtures is 'FPL''s fixtures. Gameweek and kick-off move, also to null; fixture_id stays for the season.';
comment on column pulse.fpl_fixtures.gameweek is 'Null while a postponed fixture has no gameweek.';
comment on column pulse.fpl_fixtures.finished_provisional is 'The final whistle has gone; bonus points are still to come.';
comment on column pulse.fpl_fixtures.code is 'FPL''s number of the fixture over all seasons.';
comment on column pulse.fpl_fixtures.kickoff_at is 'Null while a postponed fixture has no date.';
comment on column pulse.fpl_fixtures.finished is 'The figures are final, bonus points included.';
comment on column pulse.fpl_fixtures.minutes is 'FPL''s count of minutes played, 90 at the end.';
comment on column pulse.fpl_fixtures.details is 'The whole object from fixtures/.';

comment on table pulse.fpl_gameweeks is 'FPL''s gameweeks of each season, from bootstrap-static.';
comment on column pulse.fpl_gameweeks.season is 'Season as 2025-26.';
comment on column pulse.fpl_gameweeks.data_checked is 'FPL has confirmed every point of the gameweek; its official figures are final.';
comment on column pulse.fpl_gameweeks.deadline_at is 'Until when teams may be changed.';

comment on table pulse.fpl_player_fixtures is 'FPL''s official figures of a player in a fixture, from event/{gw}/live/.';
comment on column pulse.fpl_player_fixtures.clean_sheets is 'Null, as are goals_conceded, saves, starts, bps and the expected figures, for a player with two fixtures in the gameweek: FPL states them for the gameweek only.';
comment on column pulse.fpl_player_fixtures.details is 'The explain block of the fixture.';
comment on column pulse.fpl_player_fixtures.fpl_code is 'The person, as fpl_players.code.';
comment on column pulse.fpl_player_fixtures.gameweek is 'The gameweek that FPL counts the figures to.';
comment on column pulse.fpl_player_fixtures.starts is '1 when he was in the starting eleven, else 0.';
comment on column pulse.fpl_player_fixtures.bps is 'Bonus points system: FPL''s score by which bonus is given.';
comment on column pulse.fpl_player_fixtures.total_points is 'The sum of the points in the explain block of the fixture.';

comment on table pulse.fpl_players is 'FPL''s players ("elements") of each season. element_id belongs to the season, code to the person.';
comment on column pulse.fpl_players.code is 'FPL''s number of the person for life.';
comment on column pulse.fpl_players.team_code is 'The club he is listed for now.';
comment on column pulse.fpl_players.position is '1 goalkeeper, 2 defender, 3 midfielder, 4 forward.';
comment on column pulse.fpl_players.now_cost is 'Price in tenths of a million.';
comment on column pulse.fpl_players.added_at is 'The moment of the run that first saw him; FPL adds players all season.';
comment on column pulse.fpl_players.details is 'The whole object from bootstrap-static.';
comment on column pulse.fpl_players.element_id is 'FPL''s number of the player in this season; he keeps it when he changes club.';
comment on column pulse.fpl_players.web_name is 'The name on the shirt, as FPL shows it; several players can share one.';
comment on column pulse.fpl_players.known_name is 'FPL''s known_name; it exists since 2026-27.';
comment on column pulse.fpl_players.status is 'FPL''s letter: a available, d doubtful, i injured, s suspended, u unavailable, n not eligible.';
comment on column pulse.fpl_players.minutes is 'Of the season so far, as are total_points, goals and assists.';

comment on table pulse.fpl_teams is 'FPL''s clubs of each season. team_id is renumbered every summer, code is for life.';
comment on column pulse.fpl_teams.code is 'FPL''s number of the club for life.';
comment on column pulse.fpl_teams.details is 'The whole object from bootstrap-static.';
comment on column pulse.fpl_teams.team_id is 'FPL''s number of the club in this season, 1-20.';

comment on view pulse.freshness is 'Of every gameweek and table: how much is there now, when it was last complete, when it was last written, and what it has cost.';
comment on column pulse.freshness.season is 'Season as 2025-26.';
comment on column pulse.freshness.gameweek is 'See expected_data; 0 when it is unknown.';
comment on column pulse.freshness.what is 'What of the table is counted; see expected_data.';
comment on column pulse.freshness.have is 'How many are there now, live from the tables.';
comment on column pulse.freshness.want is 'How many there should be now; nothing is excused for being young.';
comment on column pulse.freshness.share is 'have over want, 0-1.';
comment on column pulse.freshness.last_complete_at is 'The moment of the newest run whose check found it complete (coverage.is_complete); null when none did.';
comment on column pulse.freshness.last_written_at is 'Wall clock of the last change of content; null while nothing is there.';
comment on column pulse.freshness.calls is 'Calls to SofaSport for it, good or bad: of lineups and heatmaps those that asked for a match of the gameweek; of all else those of runs whose moment was in it, from its deadline to the next. Tables that the same calls fill show the same calls.';

comment on function pulse.heatmaps_as_of is 'sofasport_heatmaps as a run at that moment would have found it.';

comment on function pulse.keep_revision is 'Keeps the content that an update or delete replaces; its arguments are the primary key''s columns.';

comment on function pulse.lineup_players_as_of is 'sofasport_lineup_players as a run at that moment would have found it.';

comment on function pulse.lineups_as_of is 'sofasport_lineups as a run at that moment would have found it.';

comment on table pulse.lost_links is 'Links of players that the evidence has ended, until the player is linked again: to the same person when nothing speaks against it any more, to another only by a person''s decision.';
comment on column pulse.lost_links.fpl_code is 'Whom he was linked to, as fpl_players.code.';
comment on column pulse.lost_links.lost_at is 'The moment of the run that ended the link.';
comment on column pulse.lost_links.evidence is 'What spoke against it, in words.';

comment on table pulse.mapping_candidates is 'What the newest matching proposes: links, doubtful pairs that wait for a person, and who has no counterpart.';
comment on column pulse.mapping_candidates.fpl_id is 'Team code, player code or fixture id; 0 when there is no counterpart.';
comment on column pulse.mapping_candidates.sofasport_id is 'Team, player or event id, by kind.';
comment on column pulse.mapping_candidates.status is 'linked: becomes a mapping; review: doubtful, a person should look; no_counterpart: FPL has nobody like this.';
comment on column pulse.mapping_candidates.is_current is 'For fixtures: see fixture_mappings. Null for the other kinds.';
comment on column pulse.mapping_candidates.confidence is '0-1.';
comment on column pulse.mapping_candidates.evidence is 'The reason in words.';
comment on column pulse.mapping_candidates.strength is 'For players: as player_mappings.strength. Null for the other kinds.';

comment on table pulse.mapping_decisions is 'What people have decided about links. Rows are only added: the newest of a pair counts. Every matching obeys it; it points at no other table, so that building the others anew leaves it as it is.';
comment on column pulse.mapping_decisions.sofasport_id is 'Team or player id, by kind.';
comment on column pulse.mapping_decisions.fpl_id is 'FPL''s code of the club or the player, which is for life; follows when FPL replaces a temporary one.';
comment on column pulse.mapping_decisions.verdict is 'link: the two are one; reject: they are not; withdraw: no longer decided, the evidence decides again.';
comment on column pulse.mapping_decisions.decided_by is 'The person''s name.';

comment on table pulse.pipeline_runs is 'One row for each run of a pipeline: its moment, what it wrote and what its check found.';
comment on column pulse.pipeline_runs.as_of is 'The moment that the run works for: its slot, or when it was triggered.';
comment on column pulse.pipeline_runs.is_full is 'False for a run by hand that was bounded to chosen gameweeks, matches or players.';
comment on column pulse.pipeline_runs.coverage is 'Per thing counted: {"have": n, "want": n}.';
comment on column pulse.pipeline_runs.run_id is 'Airflow''s run id.';
comment on column pulse.pipeline_runs.started_at is 'Wall clock of the newest start; a clear begins anew.';
comment on column pulse.pipeline_runs.rows_updated is 'Rows updated or deleted.';
comment on column pulse.pipeline_runs.message is 'A sentence: what the check found, or which task failed and why.';
comment on column pulse.pipeline_runs.calls_forecast is 'Calls to SofaSport that the run would make in all, as known when its work was planned; null before. Retries come on top, short_by goes off.';
comment on column pulse.pipeline_runs.calls_skipped is 'Calls left out because the quota or the ceiling of a run did not last; what they were for stays due.';
comment on column pulse.pipeline_runs.is_partial is 'Whether anything was left out.';
comment on column pulse.pipeline_runs.run_type is 'Airflow''s: scheduled, backfill, or manual.';

comment on table pulse.player_mappings is 'SofaSport player to FPL person, for life. Two SofaSport profiles may be one person.';
comment on column pulse.player_mappings.fpl_code is 'As fpl_players.code.';
comment on column pulse.player_mappings.method is 'The kinds of evidence that carry the link, strongest first; "decision" when a person made it.';
comment on column pulse.player_mappings.confidence is '0-1: how likely the two are one person, given the evidence.';
comment on column pulse.player_mappings.evidence is 'The reason in words.';
comment on column pulse.player_mappings.made_at is 'The moment of the run that made the link.';
comment on column pulse.player_mappings.confirmed_at is 'The moment of the newest run whose evidence carried the link by itself.';
comment on column pulse.player_mappings.strength is 'The same in bits (log2 of the odds), which tell links near certainty apart: 7 is the least that links. Null when today''s data show only one of the two.';

comment on function pulse.position_averages_as_of is 'sofasport_position_averages as a run at that moment would have found it.';

comment on view pulse.quota_left is 'What SofaSport last said is left of the quota; no row when it never said anything. Stale once resets_at has passed.';
comment on column pulse.quota_left.calls is 'As heard, less the calls since then that brought no word of it.';
comment on column pulse.quota_left.heard_at is 'Wall clock of the call whose answer said so.';
comment on column pulse.quota_left.resets_at is 'Wall clock at which the quota begins anew; null when SofaSport does not say.';

comment on view pulse.quota_outlook is 'Whether SofaSport''s quota lasts for the coming week: one row, none before the first run. What is left is wall clock; what was spent and what comes is counted from the moment of the newest run, so that a rehearsal of past weeks forecasts their next.';
comment on column pulse.quota_outlook.api is 'sofasport; FPL has no quota.';
comment on column pulse.quota_outlook.calls_left is 'See quota_left; null when it never said anything.';
comment on column pulse.quota_outlook.heard_at is 'Wall clock of the call whose answer said so.';
comment on column pulse.quota_outlook.resets_at is 'Wall clock at which the quota begins anew; null when SofaSport does not say.';
comment on column pulse.quota_outlook.as_of is 'The moment of the whole run that was started last.';
comment on column pulse.quota_outlook.calls_7_days is 'Calls of the runs whose moments were in the seven days to as_of.';
comment on column pulse.quota_outlook.calls_28_days is 'The same of four weeks; a first run that fetched a whole season makes it large.';
comment on column pulse.quota_outlook.matches_28_days is 'Matches played with kick-off in the four weeks to as_of.';
comment on column pulse.quota_outlook.calls_per_match is 'calls_28_days over matches_28_days; null when there were no matches.';
comment on column pulse.quota_outlook.matches_coming is 'FPL''s fixtures with kick-off in the seven days after as_of.';
comment on column pulse.quota_outlook.calls_forecast is 'calls_per_match times matches_coming, rounded up.';
comment on column pulse.quota_outlook.is_enough is 'Whether calls_left covers calls_forecast, without a reset in between; null when either is unknown or the reset has passed since.';

comment on table pulse.raw_resources is 'The newest look at each resource: what was learnt, when, and whether it has been loaded into the tables.';
comment on column pulse.raw_resources.outcome is 'no_data: the source answered well and had nothing, or an empty list. refused: the answer could not be loaded; it is asked for again.';
comment on column pulse.raw_resources.no_data_times is 'How many times in a row there was nothing.';
comment on column pulse.raw_resources.no_data_since is 'The moment of the run that first found nothing; null while there is an answer.';
comment on column pulse.raw_resources.params is 'The parameters as JSON; resource is the same in one line.';
comment on column pulse.raw_resources.response_id is 'The newest answer; null when there never was one.';
comment on column pulse.raw_resources.fetched_at is 'Wall clock.';
comment on column pulse.raw_resources.as_of is 'The moment of the run that looked.';
comment on column pulse.raw_resources.loaded_response_id is 'The answer that the tables hold; while it differs from answer_id, the newest waits to be loaded.';

comment on table pulse.raw_responses is 'Every answer as it came. An answer equal to the one before it is not stored again; raw_reads then has the newer time.';
comment on column pulse.raw_responses.sha256 is 'Of the body with its keys sorted.';
comment on column pulse.raw_responses.fetched_at is 'Wall clock.';
comment on column pulse.raw_responses.as_of is 'The moment of the run that fetched it.';
comment on column pulse.raw_responses.body is 'The payload as it came, its keys sorted; of SofaSport what is under data.';
comment on column pulse.raw_responses.forced is 'A person has asked for this match again by name: the answer counts even where it says less than the one before.';

comment on table pulse.rejected_records is 'Records of an answer that were not loaded, each with the reason; the answer itself is in raw_answers.';
comment on column pulse.rejected_records.path is 'Where in the answer, as home.players[3].';
comment on column pulse.rejected_records.record is 'The record as it came.';
comment on column pulse.rejected_records.as_of is 'The moment of the run that fetched the answer.';

comment on table pulse.revisions is 'Earlier contents of the rows that SofaSport corrects: lineups, match and season statistics, heatmaps, attributes. The newest content is in the table itself.';
comment on column pulse.revisions.table_name is 'Whose row it was.';
comment on column pulse.revisions.key is 'The row''s primary key as an object.';
comment on column pulse.revisions.content is 'The whole row as it was.';
comment on column pulse.revisions.changed is 'What differs in the content that followed: {"column": [old, new]}, keys of a statistics object as statistics.key. Null when the row was taken away.';
comment on column pulse.revisions.valid_from is 'The moment of the run that first saw this content (observed_at).';
comment on column pulse.revisions.valid_to is 'The moment of the run that first saw what followed.';
comment on column pulse.revisions.recorded_at is 'Wall clock.';

comment on function pulse.season_statistics_as_of is 'sofasport_season_statistics as a run at that moment would have found it.';

comment on table pulse.sofasport_attributes is 'A player''s own radar attributes, 0-100, one row a season. Never the average of his position.';
comment on column pulse.sofasport_attributes.season is 'The season that the row speaks of: the season it was read in, less year_shift.';
comment on column pulse.sofasport_attributes.year_shift is 'SofaSport''s yearShift when it was last read: 0 that season, 1 the one before.';
comment on column pulse.sofasport_attributes.saves is 'Goalkeepers have saves, anticipation, ball_distribution and aerial in place of the other axes.';
comment on column pulse.sofasport_attributes.position is 'G, D, M or F, as SofaSport classes him for the season.';
comment on column pulse.sofasport_attributes.details is 'The whole object of the season.';
comment on column pulse.sofasport_attributes.observed_at is 'The moment of the run that first saw this content.';

comment on table pulse.sofasport_events is 'SofaSport''s events (matches). One FPL fixture can have several; fixture_mappings says which is current.';
comment on column pulse.sofasport_events.round is 'The round as planned; wrong for moved matches, FPL''s gameweek is right.';
comment on column pulse.sofasport_events.status_code is '0 not started; 6, 7, 20, 31 in progress; 60 postponed; 70 cancelled; 80 interrupted; 90 abandoned; 100, 110, 120 ended.';
comment on column pulse.sofasport_events.details is 'The event object without the tournament, season and team objects.';
comment on column pulse.sofasport_events.season is 'As 2025-26.';
comment on column pulse.sofasport_events.start_at is 'The kick-off; a postponed event can keep its old one.';
comment on column pulse.sofasport_events.home_score is 'Goals; null before kick-off, as is away_score.';
comment on column pulse.sofasport_events.home_score_period1 is 'Goals at half-time.';

comment on table pulse.sofasport_heatmaps is 'Where a player touched the ball in a match: recorded actions, not tracking.';
comment on column pulse.sofasport_heatmaps.points is 'List of {"x", "y"}, 0-100; x runs from the player''s own goal line.';
comment on column pulse.sofasport_heatmaps.mean_x is 'Mean of x over the points: how far up the pitch he was.';
comment on column pulse.sofasport_heatmaps.mean_y is 'Mean of y over the points.';
comment on column pulse.sofasport_heatmaps.observed_at is 'The moment of the run that first saw this content.';

comment on table pulse.sofasport_lineup_players is 'A player in a match, with his match statistics.';
comment on column pulse.sofasport_lineup_players.team_id is 'The club of his side in this match.';
comment on column pulse.sofasport_lineup_players.shown_team_id is 'The teamId that SofaSport shows, which for youth players is another team''s.';
comment on column pulse.sofasport_lineup_players.minutes is 'Null while the match has no statistics; 0 for an unused substitute.';
comment on column pulse.sofasport_lineup_players.goals is 'Counts are 0 for a player with minutes when SofaSport omits them (it omits zeros), null without minutes.';
comment on column pulse.sofasport_lineup_players.expected_goals is 'Null when nobody in the match has the figure, else 0 when omitted; the same holds for the other expected figures.';
comment on column pulse.sofasport_lineup_players.statistics is 'The whole statistics object, with keys that have no column.';
comment on column pulse.sofasport_lineup_players.position is 'G, D, M or F: in this match, else his usual one.';
comment on column pulse.sofasport_lineup_players.rating is 'SofaSport''s mark, 3-10; corrected for some days after the match.';
comment on column pulse.sofasport_lineup_players.observed_at is 'The moment of the run that first saw this content.';

comment on table pulse.sofasport_lineups is 'A club''s lineup in a match.';
comment on column pulse.sofasport_lineups.with_minutes is 'Players with minutes; 0 while the match has no statistics yet.';
comment on column pulse.sofasport_lineups.observed_at is 'The moment of the run that first saw this content.';
comment on column pulse.sofasport_lineups.confirmed is 'False: a forecast made before the match.';
comment on column pulse.sofasport_lineups.starters is 'How many of its players start; 11 when complete.';
comment on column pulse.sofasport_lineups.missing_players is 'List of the SofaSport ids of players who are injured, suspended or absent otherwise.';

comment on table pulse.sofasport_players is 'Everyone seen in a squad, a lineup or a list of missing players, linked to FPL or not.';
comment on column pulse.sofasport_players.position is 'G, D, M or F; null when SofaSport does not say.';
comment on column pulse.sofasport_players.birth_date is 'Null when SofaSport does not say or says nothing believable.';
comment on column pulse.sofasport_players.country_code is 'ISO 3166-1, three letters.';

comment on table pulse.sofasport_position_averages is 'The average radar of a position: the ring to compare a player with.';
comment on column pulse.sofasport_position_averages.season is 'The season it was read in.';
comment on column pulse.sofasport_position_averages.position is 'G, D, M or F.';
comment on column pulse.sofasport_position_averages.details is 'The whole object of the average that most answers stated.';
comment on column pulse.sofasport_position_averages.observed_at is 'The moment of the run that first saw this content.';

comment on table pulse.sofasport_season_statistics is 'A player''s season in the Premier League so far, as SofaSport adds it up.';
comment on column pulse.sofasport_season_statistics.team_id is 'The club that the answer names: his present one.';
comment on column pulse.sofasport_season_statistics.statistics is 'The whole statistics object.';
comment on column pulse.sofasport_season_statistics.rating is 'Mean of his match ratings: total_rating over count_rating.';
comment on column pulse.sofasport_season_statistics.accurate_passes_percentage is '0-100, as are the other percentages.';
comment on column pulse.sofasport_season_statistics.observed_at is 'The moment of the run that first saw this content.';

comment on table pulse.sofasport_seasons is 'SofaSport''s id of each Premier League season, looked up, never written down.';
comment on column pulse.sofasport_seasons.season is 'FPL''s name of the season, as 2025-26.';

comment on table pulse.sofasport_squads is 'Who was listed for a club in a season; is_current is false once a later list no longer has him.';
comment on column pulse.sofasport_squads.shirt_number is 'As the squad list says; null when it does not.';

comment on table pulse.sofasport_teams is 'SofaSport''s clubs, as named in event lists.';
comment on column pulse.sofasport_teams.name_code is 'SofaSport''s three letters of the club.';

comment on table pulse.task_attempts is 'Every try of every task of the pipelines: since when it is at work, and with which sentence it failed.';
comment on column pulse.task_attempts.map_index is 'Which of the mapped tasks; -1 for a task that is not mapped.';
comment on column pulse.task_attempts.try_number is 'Airflow''s: goes on counting after a clear.';
comment on column pulse.task_attempts.label is 'The match or club in words, as GW7 Liverpool–Everton; null for a task that is not mapped.';
comment on column pulse.task_attempts.state is 'A try whose process was killed stays running for ever; a later try of the same task tells.';
comment on column pulse.task_attempts.started_at is 'Wall clock; of a task that waits, when it began to wait.';
comment on column pulse.task_attempts.message is 'The error''s sentence; null when it did not fail.';
comment on column pulse.task_attempts.can_retry is 'Whether the same task may work on another try, without anything changed by a person; null when it did not fail.';

comment on table pulse.team_mappings is 'SofaSport club to FPL club, for life.';
comment on column pulse.team_mappings.fpl_team_code is 'As fpl_teams.code.';
comment on column pulse.team_mappings.method is 'What the link rests on.';
comment on column pulse.team_mappings.confidence is '0-1.';
comment on column pulse.team_mappings.evidence is 'The reason in words.';
comment on column pulse.team_mappings.made_at is 'The moment of the run that made the link.';
comment on column pulse.team_mappings.confirmed_at is 'The moment of the newest run that still made the link.';
comment on function pulse.match_stage is 'What a SofaSport status code means: not_started, in_progress, postponed, interrupted, called_off (no result will come), ended, or unknown.';
comment on function pulse.has_ended is 'Whether a SofaSport status code says that the match was played to its end.';

comment on table pulse.planned_calls is 'The plan of each run: one row for every call to SofaSport that the run planned, with what became of it. Fetch tasks read their share here, and retries and clears continue it.';
comment on column pulse.planned_calls.endpoint is 'As raw_resources.endpoint; with event_id, player_id and team_id it names the resource.';
comment on column pulse.planned_calls.team_id is 'The club whose fetch task makes the call; null when a match''s task makes it.';
comment on column pulse.planned_calls.purpose is 'What the call is for, in words.';
comment on column pulse.planned_calls.rank is '1 is the most valuable call of the run. When the budget does not last, the highest ranks are skipped.';
comment on column pulse.planned_calls.reason is 'Why the call is due, where the plan tells reasons apart.';
comment on column pulse.planned_calls.outcome is 'fetched; no_data (SofaSport has none); skipped (over the budget); failed (the task that made it failed, or the response could not be loaded). Null while the call is open.';
comment on column pulse.planned_calls.response_id is 'The response that the call brought.';
comment on column pulse.planned_calls.planned_at is 'Wall clock of the newest planning.';
comment on column pulse.planned_calls.finished_at is 'Wall clock of the outcome.';

comment on view pulse.run_plans is 'The plan of each run in numbers: planned calls and their outcomes, and how many are still open.';
comment on column pulse.run_plans.as_of is 'The as-of time of the run.';
comment on column pulse.run_plans.open is 'Planned and not made yet.';

comment on column pulse.raw_resources.resource_id is 'Number of the resource: one endpoint with one set of typed parameters.';
comment on column pulse.raw_resources.resource is 'The parameters in order of name, as event_id=1&player_id=2. For readers; the typed columns identify the resource.';
comment on column pulse.raw_resources.season_id is 'SofaSport''s id of the season.';
comment on column pulse.raw_resources.course is 'last for past events, next for coming events; null for other endpoints.';
comment on column pulse.raw_resources.page is 'Page of an event list, from 0.';
comment on column pulse.raw_responses.resource_id is 'What was requested, as raw_resources.resource_id.';
comment on column pulse.rejected_records.resource_id is 'The resource of the response, as raw_resources.resource_id.';
comment on column pulse.api_calls.event_id is 'The match that the call was about; null when it was about none.';
comment on function pulse.is_due_again is 'Whether as_of has passed one more of the ages 1, 3 and 7 days after `since` than the last fetch had: a match whose figures may be corrected, or a resource without data, is requested again at each of these ages.';
