-- What every table, view, column and function means. Applied after each upgrade to the newest revision.
-- docs/data-dictionary.md is generated from these comments: run `make dictionary` after a change.

comment on table pulse.alerts is 'Conditions that somebody should look at, one row for each kind, subject and as-of time. Tasks and callbacks insert the rows; a later run closes them. The table is also the outbox from which alerts are sent.';
comment on column pulse.alerts.kind is 'Kinds about the data: link_contradicted, decision_contradicted, club_in_review, squad_unread, run_partial. Kinds about runs: run_failed, deadline_missed, run_missing, run_late.';
comment on column pulse.alerts.subject is 'The object that the alert is about, for example player 1234.';
comment on column pulse.alerts.as_of is 'As-of time of the run that raised the alert.';
comment on column pulse.alerts.message is 'What happened and what to do.';
comment on column pulse.alerts.dag_id is 'The pipeline that raised the alert, or for run_missing the pipeline that has not run.';
comment on column pulse.alerts.raised_at is 'Wall clock when the alert was raised.';
comment on column pulse.alerts.closed_at is 'Wall clock when the condition was found gone, a run succeeded that closes the alert, or somebody closed it. Null while the alert is open.';
comment on column pulse.alerts.closed_by is 'Who has closed the alert, or that the run was marked in Airflow. Null when a later run closed it.';
comment on column pulse.alerts.closed_because is 'The reason that this person gave. Null when a later run closed it.';
comment on column pulse.alerts.notified_at is 'Wall clock when a channel of the connection fpl_pulse_alerts accepted the alert. Null until then.';
comment on column pulse.alerts.deliveries is 'Attempts to send the alert. Sending stops after 5 attempts or 8 days.';
comment on column pulse.alerts.claimed_at is 'Wall clock when a process began to send the alert. Other processes leave it alone for 10 minutes.';
comment on column pulse.alerts.delivery_error is 'Why the last attempt to send it failed, without the address of the channel.';

comment on table pulse.api_calls is 'The ledger: one row for every HTTP call, successful or failed. Written by the HTTP client.';
comment on column pulse.api_calls.resource is 'The parameters in order of name, same as raw_resources.resource.';
comment on column pulse.api_calls.status is 'HTTP status. 0 when no response arrived.';
comment on column pulse.api_calls.outcome is 'fetched, empty (a successful response with an empty payload), no_data, or the class name of the error.';
comment on column pulse.api_calls.purpose is 'Why the call was made, in words.';
comment on column pulse.api_calls.map_index is 'Index of the mapped task. -1 for a task that is not mapped.';
comment on column pulse.api_calls.try_number is 'Airflow''s try number of the task.';
comment on column pulse.api_calls.attempt is 'Attempt number of this call within the task''s try, from 1.';
comment on column pulse.api_calls.seconds is 'Duration of the call until the last byte of the response, without the wait for the shared pace.';
comment on column pulse.api_calls.bytes is 'Size of the response body.';
comment on column pulse.api_calls.quota_remaining is 'Header x-ratelimit-requests-remaining. Null when the API did not send it.';
comment on column pulse.api_calls.quota_resets_at is 'Wall clock when the quota resets, from the header x-ratelimit-requests-reset. Null when the API did not send it.';
comment on column pulse.api_calls.event_id is 'The SofaSport match of the call. Null when the call has no match parameter.';
comment on column pulse.api_calls.called_at is 'Wall clock of the start of the call.';

comment on table pulse.api_pace is 'When the next call to an API may start. All tasks of the installation share this row, one row for each API.';
comment on column pulse.api_pace.next_slot_at is 'Wall clock before which no further slot begins: shortly after the newest slot, or the end of a pause.';
comment on column pulse.api_pace.slots is 'Wall clock at which each of the newest calls may start, the newest first. As many as the configured rate allows in a second.';
comment on column pulse.api_pace.refused_at is 'Wall clock of the newest 429 that paused all tasks. Null when there was none.';
comment on column pulse.api_pace.slowed_to is 'Reduced rate in calls per second, set when the API last answered 429 repeatedly. Null when it never did.';
comment on column pulse.api_pace.slowed_at is 'Wall clock of that 429. The rate grows again from there, see the function current_rate.';

comment on function pulse.attributes_as_of is 'The rows of sofasport_attributes that a run with this as-of time would have found.';

comment on view pulse.changes is 'Every corrected figure with its old and new value, from revisions. Filter by changed_at and table_name.';
comment on column pulse.changes.changed_at is 'As-of time of the run that first saw the new value.';
comment on column pulse.changes.key is 'The primary key of the row as a JSON object.';
comment on column pulse.changes.old_value is 'Null when the figure was absent, and for lists and objects, whose contents are in revisions.content.';
comment on column pulse.changes.new_value is 'Null when the figure is absent now, and for lists and objects, whose contents are in the table.';
comment on column pulse.changes.figure is 'The column, or statistics.key. "row deleted" when the whole row was deleted.';
comment on column pulse.changes.old_since is 'As-of time of the run that first saw the old value.';

comment on table pulse.coverage is 'What the check of each run counted in every gameweek. Written by the check; a cleared run replaces its rows.';
comment on column pulse.coverage.gameweek is 'Same as expected_data.gameweek. 0 when it is unknown.';
comment on column pulse.coverage.what is 'What was counted, same as expected_data.what.';
comment on column pulse.coverage.season is 'The season, for example 2025-26.';
comment on column pulse.coverage.have is 'How many were present.';
comment on column pulse.coverage.want is 'How many were required at the as-of time, plus those that were present early.';
comment on column pulse.coverage.not_yet is 'How many more were missing and are excused: the match is younger than the settling time, the run skipped the call, a club or lineup is not available yet, or SofaSport has had no heatmap for two weeks.';
comment on column pulse.coverage.least is 'Required share of want plus not_yet, 0-1. Null when the count has no requirement.';
comment on column pulse.coverage.is_enough is 'Whether the requirement was met: the share reached `least`, or no more were missing than the minimum tolerance. False fails the run.';
comment on column pulse.coverage.is_complete is 'Whether the requirement would be met if not_yet counted as missing. Without a requirement: whether nothing was missing.';
comment on column pulse.coverage.missing is 'Names of up to 50 that were required and missing, in order of kick-off.';
comment on column pulse.coverage.missing_count is 'How many were required and missing in all.';
comment on column pulse.coverage.as_of is 'As-of time of the run.';

comment on function pulse.current_rate is 'Calls per second that an API allows at a time: the configured rate, or a reduced rate that grows by 10 % every 5 seconds for up to 10 minutes after repeated 429s.';

comment on function pulse.differences is 'The differing figures of two versions of a row, in the form of revisions.changed.';

comment on view pulse.event_gameweeks is 'The gameweek of each SofaSport event.';
comment on column pulse.event_gameweeks.gameweek is 'FPL''s gameweek of the linked fixture. Without a link, SofaSport''s round as planned. 0 when both are unknown.';
comment on column pulse.event_gameweeks.start_at is 'Time from the source: kick-off.';
comment on column pulse.event_gameweeks.has_ended is 'Whether the match was played to its end and counts, see judged_events.counts.';
comment on column pulse.event_gameweeks.match is 'The clubs and the event id, as Leeds-Everton (14025211).';
comment on column pulse.event_gameweeks.is_awarded is 'See the function is_awarded.';

comment on function pulse.expected_data_of is 'The rows of expected_data of a season.';

comment on view pulse.expected_data is 'Each item that the tables should hold, by gameweek, and whether it is present. The checks and pulse.freshness count these rows.';
comment on column pulse.expected_data.season is 'The season, for example 2025-26.';
comment on column pulse.expected_data.gameweek is 'For matches and players as event_gameweeks.gameweek. For fixtures and links FPL''s gameweek. 0 when it is unknown.';
comment on column pulse.expected_data.what is 'One of: fixtures with an event; played fixtures with an ended event; links for players with minutes (in FPL''s figures); matches with lineups (ended matches with both lineups confirmed and with minutes); sides with 11 starters (of confirmed lineups); heatmaps (of players with minutes); season statistics (that include all minutes up to this gameweek); attributes (of any season, of players with minutes).';
comment on column pulse.expected_data.table_name is 'The table that holds it. Sides with 11 starters are counted in sofasport_lineup_players.';
comment on column pulse.expected_data.event_id is 'The SofaSport match. Null for items that belong to no match.';
comment on column pulse.expected_data.player_id is 'The SofaSport player. Null for items that belong to no player.';
comment on column pulse.expected_data.name is 'The item in words.';
comment on column pulse.expected_data.start_at is 'Time from the source: kick-off; for a player with several matches in the gameweek the last one. Null for items that are due before the match.';
comment on column pulse.expected_data.is_there is 'Whether the tables hold it now.';
comment on column pulse.expected_data.may_wait is 'Whether it cannot be present yet, because a club is not linked or the lineups have not been loaded.';
comment on column pulse.expected_data.written_at is 'Wall clock of the last change of its row. Null while it is missing.';

comment on table pulse.external_ids is 'Ids of FPL''s players at other providers, as a public register of people states them. No response has them: a rebuild keeps the rows. They are replaced when a newer register is read. Rows of a temporary code, which FPL has replaced since, stay until then. Written by the command `make crosswalk`.';
comment on column pulse.external_ids.fpl_code is 'FPL''s code of the player.';
comment on column pulse.external_ids.provider is 'The column of the register without key_, for example transfermarkt. reep is the register''s own id.';
comment on column pulse.external_ids.external_id is 'The player''s id at the provider, as text.';
comment on column pulse.external_ids.updated_at is 'Wall clock of the time at which the id was stored.';

comment on table pulse.figure_differences is 'Every figure that differs between SofaSport and FPL, with both values. Written by reconcile_figures (minutes, goals and assists, by fixture) and reconcile_cards (cards, by season).';
comment on column pulse.figure_differences.fixture_id is 'FPL''s fixture. 0 for figures of the whole season.';
comment on column pulse.figure_differences.fpl_code is 'The player, same as fpl_players.code. 0 when the SofaSport player has no link.';
comment on column pulse.figure_differences.sofasport_player_id is 'The SofaSport player; of two profiles of one person the one that played longer. 0 when the FPL player has no link.';
comment on column pulse.figure_differences.sofasport_value is 'Null when the player has no link, or no minutes at SofaSport in the fixture; the figure is then minutes.';
comment on column pulse.figure_differences.fpl_value is 'Null when the player has no link, or no minutes at FPL in the fixture; the figure is then minutes.';
comment on column pulse.figure_differences.counts is 'Whether the check counts the difference. It counts minutes beyond the tolerance, goals, and cards that no sending-off and no card on the bench explains. It never counts assists, because the two sources define them differently.';
comment on column pulse.figure_differences.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.fixture_mappings is 'Links from SofaSport events to FPL fixtures. A fixture can have several events; at most one is current. Written by load_mappings.';
comment on column pulse.fixture_mappings.is_current is 'Whether the fixture is or was played as this event.';
comment on column pulse.fixture_mappings.method is 'The kind of evidence behind the link.';
comment on column pulse.fixture_mappings.confidence is '0-1.';
comment on column pulse.fixture_mappings.evidence is 'The evidence in words.';
comment on column pulse.fixture_mappings.made_at is 'As-of time of the run that made the link.';
comment on column pulse.fixture_mappings.confirmed_at is 'As-of time of the newest run whose evidence supported the link.';
comment on column pulse.fixture_mappings.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.fixture_reconciliations is 'One row for each played fixture with minutes in both sources: how SofaSport''s minutes and goals compare with FPL''s official figures. Written by reconcile_figures.';
comment on column pulse.fixture_reconciliations.event_id is 'The current event, whose lineups were compared.';
comment on column pulse.fixture_reconciliations.players is 'Players with minutes in either source. A player without a link counts once for each source.';
comment on column pulse.fixture_reconciliations.differing is 'How many of these players have a difference that the check counts, see figure_differences.counts.';
comment on column pulse.fixture_reconciliations.only_fpl is 'How many of these players have minutes at FPL only, or have no link.';
comment on column pulse.fixture_reconciliations.only_sofasport is 'How many of these players have minutes at SofaSport only, or have no link.';
comment on column pulse.fixture_reconciliations.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.fpl_fixtures is 'FPL''s fixtures. FPL can change the gameweek and the kick-off, also to null; fixture_id stays the same all season. Written by fetch_fpl_reference, refresh_results and plan_season_statistics.';
comment on column pulse.fpl_fixtures.gameweek is 'Null while a postponed fixture has no gameweek.';
comment on column pulse.fpl_fixtures.finished_provisional is 'Whether the match has ended. Bonus points may still be missing.';
comment on column pulse.fpl_fixtures.code is 'FPL''s number of the fixture, unique over all seasons.';
comment on column pulse.fpl_fixtures.kickoff_at is 'Time from the source: kick-off. Null while a postponed fixture has no date.';
comment on column pulse.fpl_fixtures.finished is 'Whether the figures are final, bonus points included.';
comment on column pulse.fpl_fixtures.minutes is 'FPL''s count of minutes played, 90 at the end.';
comment on column pulse.fpl_fixtures.details is 'The whole object from fixtures/.';
comment on column pulse.fpl_fixtures.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.fpl_gameweeks is 'FPL''s gameweeks of each season, from bootstrap-static. Written by fetch_fpl_reference, refresh_results and plan_season_statistics.';
comment on column pulse.fpl_gameweeks.season is 'The season, for example 2025-26.';
comment on column pulse.fpl_gameweeks.data_checked is 'Whether FPL has confirmed all points of the gameweek. Its official figures are then final.';
comment on column pulse.fpl_gameweeks.deadline_at is 'Time from the source until which managers may change their teams.';
comment on column pulse.fpl_gameweeks.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.fpl_player_fixtures is 'FPL''s official figures of a player in a fixture, from event/{gw}/live/. Written by fetch_fpl_reference, refresh_results and plan_season_statistics.';
comment on column pulse.fpl_player_fixtures.clean_sheets is 'FPL publishes it by gameweek. For a player with two fixtures in the gameweek it is split where the fixtures say how (no minutes in one of them, a sum of zero, the explain block, one for each). Otherwise it is null, never the sum. The same holds for goals_conceded, starts, clearances_blocks_interceptions, recoveries, tackles, the expected figures, influence, creativity, threat and ict_index.';
comment on column pulse.fpl_player_fixtures.saves is 'With two fixtures in the gameweek, from the statistics of the fixture in fixtures/, like bps and defensive_contribution.';
comment on column pulse.fpl_player_fixtures.defensive_contribution is 'Defensive actions that count for FPL''s points: clearances, blocks, interceptions and tackles, and recoveries of midfielders and forwards. FPL has it since 2025-26.';
comment on column pulse.fpl_player_fixtures.clearances_blocks_interceptions is 'Sum of the three.';
comment on column pulse.fpl_player_fixtures.ict_index is 'FPL''s index of influence, creativity and threat.';
comment on column pulse.fpl_player_fixtures.observed_at is 'As-of time of the response that first had these values.';
comment on column pulse.fpl_player_fixtures.details is 'The explain block of the fixture.';
comment on column pulse.fpl_player_fixtures.fpl_code is 'The player, same as fpl_players.code.';
comment on column pulse.fpl_player_fixtures.gameweek is 'The gameweek to which FPL counts the figures.';
comment on column pulse.fpl_player_fixtures.starts is '1 for a starter, else 0.';
comment on column pulse.fpl_player_fixtures.bps is 'Score of FPL''s bonus points system, by which bonus points are awarded.';
comment on column pulse.fpl_player_fixtures.total_points is 'Sum of the points in the explain block of the fixture.';
comment on column pulse.fpl_player_fixtures.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.fpl_players is 'FPL''s players ("elements") of each season. element_id belongs to one season, code to the person for life. Written by fetch_fpl_reference, refresh_results and plan_season_statistics.';
comment on column pulse.fpl_players.code is 'FPL''s number of the person for life.';
comment on column pulse.fpl_players.team_code is 'The club for which FPL lists the player now.';
comment on column pulse.fpl_players.position is '1 goalkeeper, 2 defender, 3 midfielder, 4 forward.';
comment on column pulse.fpl_players.now_cost is 'Price in tenths of a million pounds.';
comment on column pulse.fpl_players.added_at is 'As-of time of the run that first saw the player. FPL adds players all season.';
comment on column pulse.fpl_players.details is 'The whole object from bootstrap-static.';
comment on column pulse.fpl_players.element_id is 'FPL''s number of the player in this season. It stays the same when the player changes club.';
comment on column pulse.fpl_players.web_name is 'The name that FPL shows. Several players can share one.';
comment on column pulse.fpl_players.known_name is 'FPL''s known_name, available since 2026-27.';
comment on column pulse.fpl_players.status is 'FPL''s letter: a available, d doubtful, i injured, s suspended, u unavailable, n not eligible.';
comment on column pulse.fpl_players.minutes is 'Minutes of the season so far. total_points, goals and assists also cover the season so far.';
comment on column pulse.fpl_players.updated_at is 'Wall clock of the last change of the row.';

comment on column pulse.fpl_players.selected_by_percent is 'Share of FPL''s managers who own the player, 0-100.';
comment on column pulse.fpl_players.transfers_in is 'Transfers of the season so far, like transfers_out.';
comment on column pulse.fpl_players.transfers_in_event is 'Transfers since the last deadline, like transfers_out_event.';
comment on column pulse.fpl_players.chance_of_playing_this_round is 'Chance of playing in the current gameweek, 0-100. Null when FPL has never had news about the player.';
comment on column pulse.fpl_players.chance_of_playing_next_round is 'Chance of playing in the next gameweek, 0-100.';
comment on column pulse.fpl_players.news is 'FPL''s sentence about an injury, a suspension or a transfer. Null when there is none.';
comment on column pulse.fpl_players.news_added_at is 'Time from the source when FPL last changed the news.';
comment on column pulse.fpl_players.form is 'Mean points per match over the last 30 days.';
comment on column pulse.fpl_players.expected_points_this_round is 'FPL''s forecast of points in the current gameweek. Null while there is none.';
comment on column pulse.fpl_players.expected_points_next_round is 'FPL''s forecast of points in the next gameweek. Null while there is none.';

comment on table pulse.fpl_player_history is 'What FPL overwrites of a player, since its first change was seen: one row for each time at which something had changed. A row is valid until the next one of the player. Between two runs nothing is seen. Written by fetch_fpl_reference, refresh_results and plan_season_statistics.';
comment on column pulse.fpl_player_history.observed_at is 'As-of time of the run that first saw this state.';
comment on column pulse.fpl_player_history.team_code is 'Same as fpl_players.team_code, like the other columns.';
comment on column pulse.fpl_player_history.news_added_at is 'Time from the source when FPL last changed the news.';
comment on column pulse.fpl_player_history.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.fpl_seasons is 'FPL''s seasons. A run works for the one that was accepted last. Written with the first bootstrap-static and fixtures/ of a season, which must agree on it.';
comment on column pulse.fpl_seasons.season is 'The season, for example 2025-26.';
comment on column pulse.fpl_seasons.observed_at is 'As-of time of the run that accepted the season.';
comment on column pulse.fpl_seasons.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.fpl_teams is 'FPL''s clubs of each season, from bootstrap-static. team_id changes every summer, code never does. Written by fetch_fpl_reference, refresh_results and plan_season_statistics.';
comment on column pulse.fpl_teams.code is 'FPL''s number of the club for life.';
comment on column pulse.fpl_teams.details is 'The whole object from bootstrap-static.';
comment on column pulse.fpl_teams.team_id is 'FPL''s number of the club in this season, 1-20.';
comment on column pulse.fpl_teams.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.final_freshness is 'The rows of freshness of seasons before the newest one, as they were when the next season began. Written by check_mappings.';
comment on column pulse.final_freshness.what is 'Same as freshness.what, like the other columns. The function freshness_of counts a season again.';
comment on column pulse.final_freshness.last_complete_at is 'As-of time, same as freshness.last_complete_at.';
comment on column pulse.final_freshness.last_written_at is 'Wall clock, same as freshness.last_written_at.';

comment on function pulse.freshness_of is 'The rows of freshness of a season, counted now.';

comment on view pulse.freshness is 'How much of each kind of data every played gameweek has now, when it was last complete and last changed, and how many calls it has cost. The newest gameweek first, each in the order of the pipelines. A gameweek is played when one of its matches is. The rows of earlier seasons are those of final_freshness.';
comment on column pulse.freshness.season is 'The season, for example 2025-26.';
comment on column pulse.freshness.gameweek is 'Same as expected_data.gameweek. 0 when it is unknown.';
comment on column pulse.freshness.what is 'What is counted, same as expected_data.what.';
comment on column pulse.freshness.have is 'How many are present now, counted in the tables.';
comment on column pulse.freshness.want is 'How many there should be now. Recent matches are not excused.';
comment on column pulse.freshness.share is 'have divided by want, 0-1.';
comment on column pulse.freshness.last_complete_at is 'As-of time of the newest run whose check found it complete (coverage.is_complete). Null when none did.';
comment on column pulse.freshness.last_written_at is 'Wall clock of the last change of content. Null while nothing is present.';
comment on column pulse.freshness.calls is 'Calls to SofaSport, successful or failed. For lineups and heatmaps: calls for a match of the gameweek. For the others: calls of runs whose as-of time lies between the gameweek''s deadline and the next. Tables that are filled by the same calls show the same number.';

comment on view pulse.freshness_summary is 'The rows of freshness in one line for each played gameweek, the newest first.';
comment on column pulse.freshness_summary.season is 'The season, for example 2025-26.';
comment on column pulse.freshness_summary.gameweek is 'Same as freshness.gameweek.';
comment on column pulse.freshness_summary.have is 'How many items of all kinds are present now.';
comment on column pulse.freshness_summary.want is 'How many there should be now.';
comment on column pulse.freshness_summary.share is 'have divided by want, 0-1.';
comment on column pulse.freshness_summary.lacking is 'The kinds that are not complete, for example: heatmaps 597 of 600. Null when all are.';
comment on column pulse.freshness_summary.last_complete_at is 'As-of time, the earliest freshness.last_complete_at of its kinds. Null when a check has never found one of them complete.';
comment on column pulse.freshness_summary.last_written_at is 'Wall clock of the last change of content.';
comment on column pulse.freshness_summary.calls is 'Calls to SofaSport, see freshness.calls. Each call counts once.';

comment on function pulse.clubs_with_open_match is 'The clubs with a match of the season that has kicked off before as_of and whose lineups have no statistics yet. A club with two such matches is listed twice. Season statistics of its players may be ahead of the stored matches.';

comment on function pulse.has_ended(integer) is 'Whether a SofaSport status code says that the match was played to its end.';
comment on function pulse.has_ended(smallint) is 'Whether a SofaSport status code says that the match was played to its end.';

comment on function pulse.heatmaps_as_of is 'The rows of sofasport_heatmaps that a run with this as-of time would have found.';

comment on function pulse.is_due_again is 'Whether a resource is requested again at as_of. True when as_of has passed an age of 1, 3 or 7 days after `since` that the last fetch (fetched_as_of) had not reached. Used for matches whose figures may be corrected and for resources without data.';

comment on function pulse.keep_revision is 'Trigger function: stores the row that an update or delete replaces in revisions. The triggers do not call it while the setting pulse.keeps_revisions is off, as in a rebuild. Its arguments are the columns of the primary key.';

comment on function pulse.lineup_players_as_of is 'The rows of sofasport_lineup_players that a run with this as-of time would have found.';

comment on function pulse.lineups_as_of is 'The rows of sofasport_lineups that a run with this as-of time would have found.';

comment on table pulse.lost_links is 'Player links that contradicting evidence has removed. A row is deleted when the player is linked again: to the same person once the contradiction is gone, to another person only by a manual decision. Written by load_mappings.';
comment on column pulse.lost_links.fpl_code is 'The FPL player of the removed link, same as fpl_players.code.';
comment on column pulse.lost_links.lost_at is 'As-of time of the run that removed the link.';
comment on column pulse.lost_links.evidence is 'The contradicting evidence in words.';
comment on column pulse.lost_links.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.mapping_candidates is 'The result of the newest identity resolution: links, doubtful pairs in review, and players without a counterpart. Written by resolve_identities.';
comment on column pulse.mapping_candidates.kind is 'team, player or fixture.';
comment on column pulse.mapping_candidates.fpl_id is 'Team code, player code or fixture id, by kind. 0 when there is no counterpart.';
comment on column pulse.mapping_candidates.sofasport_id is 'Team, player or event id, by kind.';
comment on column pulse.mapping_candidates.status is 'linked: load_mappings stores the link. review: doubtful, waits for evidence or a manual decision. no_counterpart: FPL has no such player.';
comment on column pulse.mapping_candidates.is_current is 'For fixtures as fixture_mappings.is_current. Null for other kinds.';
comment on column pulse.mapping_candidates.method is 'The kinds of evidence behind the pair.';
comment on column pulse.mapping_candidates.confidence is '0-1.';
comment on column pulse.mapping_candidates.evidence is 'The evidence in words.';
comment on column pulse.mapping_candidates.strength is 'For players as player_mappings.strength. Null for other kinds.';
comment on column pulse.mapping_candidates.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.mapping_decisions is 'Manual decisions about links. Rows are only added; the newest row of a pair applies. A decision overrides the evidence. The table references no other table. A rebuild keeps the rows and makes each decision again at its as-of time. Written by the command `make mappings` and the page of identities.';
comment on column pulse.mapping_decisions.sofasport_id is 'Team or player id, by kind.';
comment on column pulse.mapping_decisions.fpl_id is 'FPL''s code of the club or player. Updated when FPL replaces a temporary code, see decided_fpl_id.';
comment on column pulse.mapping_decisions.verdict is 'link: the two are the same. reject: they are not. withdraw: the decision is taken back and the evidence applies again.';
comment on column pulse.mapping_decisions.decided_by is 'Name of the person who decided.';
comment on column pulse.mapping_decisions.decided_at is 'Wall clock of the decision.';
comment on column pulse.mapping_decisions.as_of is 'As-of time of the newest run before the decision: the decision was made about the data of this time. A rebuild makes it again at this time.';
comment on column pulse.mapping_decisions.decided_fpl_id is 'The code when the decision was made. fpl_id follows when FPL replaces a temporary code.';

comment on function pulse.is_awarded is 'Whether the result of a match was decided, not played: SofaSport says so, or FPL has finished the fixture, and both have a score of 3:0 that the goals of the players do not add up to, or nobody played.';

comment on view pulse.judged_events is 'SofaSport''s events with FPL''s fixture, and which of them count: the one definition for totals, coverage, due calls and identity resolution.';
comment on column pulse.judged_events.fixture_id is 'FPL''s fixture. Null without a link.';
comment on column pulse.judged_events.gameweek is 'FPL''s gameweek of the fixture. Null without a link.';
comment on column pulse.judged_events.round is 'SofaSport''s round as planned.';
comment on column pulse.judged_events.counts is 'Whether the match has ended and is the one of its fixture''s events that stands for it. Abandoned, removed and replaced events do not count.';
comment on column pulse.judged_events.is_current is 'Whether the event stands for its fixture. Without a link: whether no other event of the two clubs does.';
comment on column pulse.judged_events.is_awarded is 'See the function is_awarded. An awarded match has no complete lineups.';
comment on column pulse.judged_events.start_at is 'Time from the source: kick-off.';

comment on table pulse.missed_fixtures is 'Fixtures for which the last check of the mappings missed an event, a result, or the right kick-off, venue or score. The next run looks for them on all pages of events, later runs at the ages of is_due_again.';
comment on column pulse.missed_fixtures.missed_since is 'As-of time of the first run in a row that missed something.';
comment on column pulse.missed_fixtures.searched_as_of is 'As-of time of the newest run that looked for the event. Null before the first.';

comment on function pulse.match_stage is 'The meaning of a SofaSport status code: not_started, in_progress, postponed, interrupted, called_off (no result will come), awarded (a result that was decided), ended or unknown.';

comment on table pulse.pipeline_runs is 'One row for each run of a pipeline: its as-of time, what it wrote and what its check found. Written by the first and last task of the run and by its loads.';
comment on column pulse.pipeline_runs.run_id is 'Airflow''s run id.';
comment on column pulse.pipeline_runs.as_of is 'As-of time of the run: its scheduled time, the time at which it was triggered, or the parameter as_of.';
comment on column pulse.pipeline_runs.state is 'running, success or failed. failed from the first failed attempt of a task on, also while Airflow still retries it; success when the check has found no problem.';
comment on column pulse.pipeline_runs.is_full is 'False for a manual run of chosen gameweeks, matches or players, or with refresh.';
comment on column pulse.pipeline_runs.coverage is 'What the check counted, by name: {"have": n, "want": n}.';
comment on column pulse.pipeline_runs.started_at is 'Wall clock of the newest start. Clearing the run starts it again.';
comment on column pulse.pipeline_runs.rows_updated is 'Rows updated or deleted.';
comment on column pulse.pipeline_runs.message is 'What the check found, or which task failed and why.';
comment on column pulse.pipeline_runs.calls_forecast is 'Calls to SofaSport that the run has made and would make if nothing limited it, known after planning. Retries are not included, skipped calls are. Null before planning.';
comment on column pulse.pipeline_runs.calls_skipped is 'Calls that the run skipped because the budget did not allow them. Skipped calls stay due.';
comment on column pulse.pipeline_runs.is_partial is 'Whether the run skipped calls.';
comment on column pulse.pipeline_runs.run_type is 'Airflow''s run type: scheduled, backfill or manual.';
comment on column pulse.pipeline_runs.finished_at is 'Wall clock of the end. Null while the run is running.';

comment on table pulse.planned_calls is 'The plan of each run: one row for every call to SofaSport that is due, with its outcome. The plan task writes the rows. Fetch tasks read their share and record the outcome. Retries and clears continue the plan.';
comment on column pulse.planned_calls.endpoint is 'Same as raw_resources.endpoint. Endpoint, event_id, player_id and team_id identify the call within the run.';
comment on column pulse.planned_calls.event_id is 'The SofaSport match that is requested. Null when the resource has no match.';
comment on column pulse.planned_calls.player_id is 'The SofaSport player who is requested. Null when the resource has no player.';
comment on column pulse.planned_calls.team_id is 'The club whose squad is requested, or whose fetch task makes the call. Null when the fetch task of a match makes it.';
comment on column pulse.planned_calls.purpose is 'Why the call is made, in words.';
comment on column pulse.planned_calls.rank is 'Priority of the call; 1 is the most valuable. Calls with the highest numbers are skipped first.';
comment on column pulse.planned_calls.reason is 'Why the call is due, where the plan distinguishes reasons. Null elsewhere.';
comment on column pulse.planned_calls.outcome is 'fetched; no_data (SofaSport has none); skipped (over the budget); superseded (a newer run fetched it before this one did); failed (the call failed, or its response was rejected by the load). Null while the call is open.';
comment on column pulse.planned_calls.response_id is 'The archived response of the call. Null until the outcome is fetched.';
comment on column pulse.planned_calls.planned_at is 'Wall clock of the newest planning.';
comment on column pulse.planned_calls.finished_at is 'Wall clock of the outcome. Null while the call is open.';

comment on table pulse.player_matches is 'Each player''s matches with the figures of both sources side by side. fpl.player_matches shows it with names. Kept by triggers, in the transaction that writes to one of the tables that it comes from.';
comment on column pulse.player_matches.fpl_code is 'The player, same as fpl_players.code.';
comment on column pulse.player_matches.event_id is 'The event that counts for the fixture. Null when SofaSport does not list the player in it, like all of SofaSport''s figures.';
comment on column pulse.player_matches.sofasport_player_id is 'Of two SofaSport profiles of one person, the one that played longer.';
comment on column pulse.player_matches.team_code is 'The player''s club in the match: by SofaSport''s lineup, else by FPL''s last list before kick-off. Null when that is neither of the two clubs.';
comment on column pulse.player_matches.price is 'Price in tenths of a million pounds, as FPL''s last list before kick-off had it. Null before the first one.';
comment on column pulse.player_matches.minutes is 'FPL''s. Null when FPL has no figures of the player in the fixture, like all of FPL''s figures, up to ict_index.';
comment on column pulse.player_matches.is_starter is 'SofaSport''s, like the following columns.';
comment on column pulse.player_matches.total_points is 'Same as fpl_player_fixtures.total_points, like the other columns up to ict_index.';
comment on column pulse.player_matches.sofasport_goals is 'Same as sofasport_lineup_players.goals, like the other columns from rating on.';

comment on table pulse.player_mappings is 'Links from SofaSport players to FPL players, for life. Two SofaSport profiles can belong to one person. Written by load_mappings.';
comment on column pulse.player_mappings.fpl_code is 'Same as fpl_players.code.';
comment on column pulse.player_mappings.method is 'The kinds of evidence behind the link, strongest first. "decision" for a manual decision.';
comment on column pulse.player_mappings.confidence is 'Probability that the two are one person, given the evidence, 0-1.';
comment on column pulse.player_mappings.evidence is 'The evidence in words.';
comment on column pulse.player_mappings.made_at is 'As-of time of the run that made the link.';
comment on column pulse.player_mappings.confirmed_at is 'As-of time of the newest run whose evidence alone supported the link.';
comment on column pulse.player_mappings.strength is 'Evidence in bits: log2 of the odds that the two are one person. A link needs at least 7. Null when the current data contain only one of the two.';
comment on column pulse.player_mappings.updated_at is 'Wall clock of the last change of the row.';

comment on function pulse.position_averages_as_of is 'The rows of sofasport_position_averages that a run with this as-of time would have found.';

comment on view pulse.quota_left is 'The remaining quota of SofaSport, from the newest response headers. No row when no response has stated it. Out of date once resets_at has passed.';
comment on column pulse.quota_left.calls is 'Remaining calls: the last stated number, less the calls made since then.';
comment on column pulse.quota_left.heard_at is 'Wall clock of the call whose response stated the number.';
comment on column pulse.quota_left.resets_at is 'Wall clock when the quota resets. Null when SofaSport does not state it.';

comment on view pulse.quota_outlook is 'Whether SofaSport''s quota lasts for the coming week. One row, none before the first full run. The remaining quota is of the wall clock; past calls and coming matches are counted from the as-of time of the newest full run of this week (as_of_now) or before, so that a replay of past weeks forecasts the weeks after them.';
comment on column pulse.quota_outlook.api is 'sofasport. FPL has no quota.';
comment on column pulse.quota_outlook.calls_left is 'Same as quota_left.calls. Null when it is unknown.';
comment on column pulse.quota_outlook.heard_at is 'Wall clock of the call whose response stated the number.';
comment on column pulse.quota_outlook.resets_at is 'Wall clock when the quota resets. Null when SofaSport does not state it.';
comment on column pulse.quota_outlook.as_of is 'As-of time of the full run that started last, without runs for weeks after this one.';
comment on column pulse.quota_outlook.calls_7_days is 'Calls of runs with an as-of time in the seven days up to as_of.';
comment on column pulse.quota_outlook.calls_28_days is 'Calls of runs with an as-of time in the four weeks up to as_of. Large after a first run, which fetches a whole season.';
comment on column pulse.quota_outlook.matches_28_days is 'Ended matches with kick-off in the four weeks up to as_of.';
comment on column pulse.quota_outlook.calls_per_match is 'calls_28_days divided by matches_28_days. Null when there were no matches.';
comment on column pulse.quota_outlook.matches_coming is 'FPL fixtures with kick-off in the seven days after as_of.';
comment on column pulse.quota_outlook.calls_forecast is 'calls_per_match times matches_coming, rounded up.';
comment on column pulse.quota_outlook.is_enough is 'Whether calls_left covers calls_forecast without a reset. Null when either is unknown or the reset time has passed.';

comment on table pulse.raw_resources is 'One row for each resource that was ever requested: the outcome of the newest request, and whether its response has been loaded. Written by fetch tasks and loads.';
comment on column pulse.raw_resources.resource_id is 'Number of the resource, which is one endpoint with one set of typed parameters.';
comment on column pulse.raw_resources.resource is 'The parameters in order of name, for example event_id=1&player_id=2. For readers only; endpoint and the typed columns identify the resource.';
comment on column pulse.raw_resources.params is 'The parameters as a JSON object. The typed columns are computed from it.';
comment on column pulse.raw_resources.outcome is 'fetched: the newest request brought a response. no_data: the source has no data, or returned an empty payload. rejected: the response could not be loaded, and the next run requests it again.';
comment on column pulse.raw_resources.response_id is 'The newest response. Null when there never was one.';
comment on column pulse.raw_resources.no_data_times is 'How many times in a row the outcome was no_data.';
comment on column pulse.raw_resources.no_data_since is 'As-of time of the run that first found no data. Null while there is data.';
comment on column pulse.raw_resources.fetched_at is 'Wall clock of the newest request.';
comment on column pulse.raw_resources.as_of is 'As-of time of the run that made the newest request.';
comment on column pulse.raw_resources.loaded_response_id is 'The response that the tables hold. While it differs from response_id, the newest response waits to be loaded.';
comment on column pulse.raw_resources.loaded_at is 'Wall clock of the load.';
comment on column pulse.raw_resources.event_id is 'SofaSport''s id of the match. This and the other typed parameters are null for endpoints without the parameter.';
comment on column pulse.raw_resources.player_id is 'SofaSport''s id of the player.';
comment on column pulse.raw_resources.team_id is 'SofaSport''s id of the club.';
comment on column pulse.raw_resources.season is 'The season to which the resource belongs, for example 2025-26.';
comment on column pulse.raw_resources.season_id is 'SofaSport''s id of the season.';
comment on column pulse.raw_resources.gameweek is 'FPL''s gameweek.';
comment on column pulse.raw_resources.course is 'Direction of an event list: last for past events, next for coming events.';
comment on column pulse.raw_resources.page is 'Page of an event list, from 0.';
comment on column pulse.raw_resources.loaded_rows is 'How many rows the tables held of the resource after its load, see resource_rows. Null before the first load, and for endpoints that are not compared.';

comment on table pulse.raw_responses is 'The archive: every payload as it was received. A payload equal to the newest of its resource is not stored again; raw_resources.fetched_at then shows the newer request. Written by fetch tasks before anything reads the payload.';
comment on column pulse.raw_responses.resource_id is 'The requested resource, same as raw_resources.resource_id.';
comment on column pulse.raw_responses.sha256 is 'SHA-256 of the body with sorted keys.';
comment on column pulse.raw_responses.fetched_at is 'Wall clock of the response.';
comment on column pulse.raw_responses.as_of is 'As-of time of the run that fetched it.';
comment on column pulse.raw_responses.body is 'The payload with sorted keys. For SofaSport the content of `data`.';
comment on column pulse.raw_responses.forced is 'Whether a manual run requested this match or player by id with refresh. A forced response is loaded even when it is less complete than the stored data.';

comment on table pulse.rejected_records is 'What was not loaded of the newest response of a resource, with the reason: records, and single figures or descriptions of records that were loaded without them. The whole payload is in raw_responses. Written by the loads.';
comment on column pulse.rejected_records.resource is 'Same as raw_resources.resource.';
comment on column pulse.rejected_records.path is 'Path of the record in the payload, for example home.players[3]. Empty when the whole response was rejected, and `missing key totalPass` when a key that is needed vanished from it.';
comment on column pulse.rejected_records.response_id is 'The response, same as raw_responses.response_id.';
comment on column pulse.rejected_records.reason is 'Why it was not loaded.';
comment on column pulse.rejected_records.record is 'The record or the value as it was received.';
comment on column pulse.rejected_records.as_of is 'As-of time of the run that fetched the response.';
comment on column pulse.rejected_records.resource_id is 'The resource of the response, same as raw_resources.resource_id.';
comment on column pulse.rejected_records.updated_at is 'Wall clock of the last change of the row.';

comment on view pulse.resource_rows is 'How many rows the tables hold of each requested resource now. With fewer rows than after its load, rows were deleted, and the load of its endpoint loads the response again. Of an event list all events of its season are counted.';
comment on column pulse.resource_rows.is_loaded is 'Whether the tables hold the newest response, and the newest request brought one.';
comment on column pulse.resource_rows.loaded_rows is 'Same as raw_resources.loaded_rows.';
comment on column pulse.resource_rows.stored_rows is 'Rows in the tables now. Null for endpoints that are not compared.';

comment on table pulse.revisions is 'Earlier versions of rows that SofaSport corrects: lineups, lineup players, heatmaps, season statistics, attributes and position averages. Also FPL''s official figures that were withdrawn. The newest version is in the table itself. Written by triggers.';
comment on column pulse.revisions.table_name is 'The table of the row.';
comment on column pulse.revisions.key is 'The primary key of the row as a JSON object.';
comment on column pulse.revisions.content is 'The whole earlier row.';
comment on column pulse.revisions.changed is 'What the next version changed: {"column": [old, new]}, for keys of a statistics object {"statistics.key": [old, new]}. Null when the row was deleted.';
comment on column pulse.revisions.valid_from is 'As-of time of the run that first saw this version (its observed_at).';
comment on column pulse.revisions.valid_to is 'As-of time of the run that first saw the next version.';
comment on column pulse.revisions.recorded_at is 'Wall clock when the row was replaced or deleted.';

comment on view pulse.run_plans is 'The plan of each run in numbers: planned calls, their outcomes, and open calls.';
comment on column pulse.run_plans.as_of is 'As-of time of the run.';
comment on column pulse.run_plans.planned is 'All calls of the plan, the skipped ones included.';
comment on column pulse.run_plans.superseded is 'Calls that the run did not make, because a newer run has fetched the same resource.';
comment on column pulse.run_plans.open is 'Planned calls that have not been made yet.';

comment on view pulse.season_appearances is 'Each player with minutes in a season, with the sums over the matches that count. One row for each season and player.';
comment on column pulse.season_appearances.minutes is 'Sum of the minutes.';
comment on column pulse.season_appearances.goals is 'Sum of the goals.';
comment on column pulse.season_appearances.team_id is 'The club of the last match.';
comment on column pulse.season_appearances.team_ids is 'All clubs that the player has played for.';
comment on column pulse.season_appearances.last_gameweek is 'FPL''s gameweek of the last match. Null when the match has no link.';
comment on column pulse.season_appearances.has_started is 'Whether the player was a starter in the last match.';
comment on column pulse.season_appearances.last_start_at is 'Time from the source: kick-off of the last match.';
comment on column pulse.season_appearances.changed_at is 'Wall clock of the newest change of one of the lineup rows.';
comment on column pulse.season_appearances.event_ids is 'The matches.';
comment on column pulse.season_appearances.gameweeks is 'FPL''s gameweeks of the matches. Null for a match without a link.';
comment on column pulse.season_appearances.least_minutes is 'Sum of the minutes without matches whose result was awarded. SofaSport may leave those out of the season statistics.';
comment on column pulse.season_appearances.most_minutes is 'Sum of the minutes with the matches that do not count. SofaSport may have them in the season statistics.';
comment on column pulse.season_appearances.least_goals is 'Goals, as least_minutes.';
comment on column pulse.season_appearances.most_goals is 'Goals, as most_minutes.';

comment on function pulse.season_statistics_as_of is 'The rows of sofasport_season_statistics that a run with this as-of time would have found.';

comment on table pulse.sofasport_attributes is 'A player''s own radar attributes, 0-100, one row for each season. The averages of positions are in sofasport_position_averages. Written by load_attributes.';
comment on column pulse.sofasport_attributes.season is 'The season that the attributes describe: the season of the run, less year_shift.';
comment on column pulse.sofasport_attributes.year_shift is 'SofaSport''s yearShift in the newest response: 0 for the season of the run, 1 for the season before.';
comment on column pulse.sofasport_attributes.saves is 'Goalkeepers have saves, anticipation, ball_distribution and aerial instead of the other axes.';
comment on column pulse.sofasport_attributes.position is 'SofaSport''s position of the player in the season: G, D, M or F.';
comment on column pulse.sofasport_attributes.details is 'The whole object of the season.';
comment on column pulse.sofasport_attributes.observed_at is 'As-of time of the run that first saw this content.';
comment on column pulse.sofasport_attributes.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.sofasport_events is 'SofaSport''s events, which are matches. One FPL fixture can have several; fixture_mappings.is_current marks the one that counts. Written by fetch_sofasport_events and refresh_results.';
comment on column pulse.sofasport_events.round is 'The round as planned. Wrong for moved matches; use FPL''s gameweek.';
comment on column pulse.sofasport_events.status_code is 'SofaSport''s status code. The function match_stage says what it means: 0 not started; 1-59 in progress; 60 postponed; 70, 90, 92, 93 called off; 80, 81 interrupted; 91 awarded; 100, 110, 120 ended.';
comment on column pulse.sofasport_events.details is 'The event object without the tournament, season and team objects.';
comment on column pulse.sofasport_events.season is 'The season, for example 2025-26.';
comment on column pulse.sofasport_events.start_at is 'Time from the source: kick-off. A postponed event can keep its old one.';
comment on column pulse.sofasport_events.home_score is 'Goals. Null before kick-off, like away_score.';
comment on column pulse.sofasport_events.home_score_period1 is 'Goals at half-time.';
comment on column pulse.sofasport_events.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.sofasport_heatmaps is 'Where a player touched the ball in a match: recorded actions, not tracking data. Written by load_heatmaps.';
comment on column pulse.sofasport_heatmaps.points is 'List of {"x", "y"}, 0-100. x is measured from the player''s own goal line.';
comment on column pulse.sofasport_heatmaps.mean_x is 'Mean of x over the points.';
comment on column pulse.sofasport_heatmaps.mean_y is 'Mean of y over the points.';
comment on column pulse.sofasport_heatmaps.observed_at is 'As-of time of the run that first saw this content.';
comment on column pulse.sofasport_heatmaps.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.sofasport_lineup_players is 'A player in the lineup of a match, with the player''s match statistics. Written by load_lineups.';
comment on column pulse.sofasport_lineup_players.team_id is 'The club of the player''s side in this match.';
comment on column pulse.sofasport_lineup_players.shown_team_id is 'The teamId in SofaSport''s payload. For youth players it is that of another team.';
comment on column pulse.sofasport_lineup_players.minutes is 'Minutes played. Null while the match has no statistics; 0 for an unused substitute.';
comment on column pulse.sofasport_lineup_players.goals is 'Number of goals. For a player with minutes, a count that SofaSport omits is 0, because SofaSport omits zeros. Without minutes all counts are null.';
comment on column pulse.sofasport_lineup_players.expected_goals is 'Null when no player of the match has the figure; otherwise 0 when SofaSport omits it. The same holds for the other expected figures.';
comment on column pulse.sofasport_lineup_players.statistics is 'The whole statistics object, with the keys that have no column.';
comment on column pulse.sofasport_lineup_players.position is 'Position in this match, else the player''s usual position: G, D, M or F.';
comment on column pulse.sofasport_lineup_players.lineup_order is 'Place in SofaSport''s list of the side, from 1: the goalkeeper, then each line of the formation from right to left, then the substitutes. A player whom the newest response does not list keeps an earlier place; it is null if none is known. A changed order alone is no correction: it makes no revision.';
comment on column pulse.sofasport_lineup_players.rating is 'SofaSport''s rating, 3-10. SofaSport corrects it for some days after the match.';
comment on column pulse.sofasport_lineup_players.observed_at is 'As-of time of the run that first saw this content.';
comment on column pulse.sofasport_lineup_players.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.sofasport_lineups is 'A club''s lineup in a match. Written by load_lineups.';
comment on column pulse.sofasport_lineups.with_minutes is 'Players with minutes. 0 while the match has no statistics.';
comment on column pulse.sofasport_lineups.observed_at is 'As-of time of the run that first saw this content.';
comment on column pulse.sofasport_lineups.confirmed is 'False for a prediction that was published before the match.';
comment on column pulse.sofasport_lineups.starters is 'Number of starters. 11 when the lineup is complete.';
comment on column pulse.sofasport_lineups.missing_players is 'List of the SofaSport ids of players who are injured, suspended or absent for another reason.';
comment on column pulse.sofasport_lineups.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.sofasport_players is 'Every player of a squad, a lineup or a list of missing players, linked to FPL or not. Written by fetch_sofasport_squads and load_lineups.';
comment on column pulse.sofasport_players.position is 'G, D, M or F. Null when SofaSport does not state it.';
comment on column pulse.sofasport_players.birth_date is 'Null when SofaSport does not state it, or states an impossible date.';
comment on column pulse.sofasport_players.country_code is 'ISO 3166-1 alpha-3.';
comment on column pulse.sofasport_players.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.sofasport_position_averages is 'The average attributes of a position, 0-100, with which a player''s radar is compared. Written by load_attributes.';
comment on column pulse.sofasport_position_averages.season is 'The season of the run that fetched it.';
comment on column pulse.sofasport_position_averages.position is 'G, D, M or F.';
comment on column pulse.sofasport_position_averages.details is 'The whole object. When responses differ, the version that most responses state.';
comment on column pulse.sofasport_position_averages.observed_at is 'As-of time of the run that first saw this content.';
comment on column pulse.sofasport_position_averages.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.sofasport_season_statistics is 'A player''s totals in the Premier League season so far, as computed by SofaSport. Written by load_season_statistics.';
comment on column pulse.sofasport_season_statistics.team_id is 'The club in the payload, which is the player''s present club.';
comment on column pulse.sofasport_season_statistics.statistics is 'The whole statistics object.';
comment on column pulse.sofasport_season_statistics.rating is 'Mean of the match ratings: total_rating divided by count_rating.';
comment on column pulse.sofasport_season_statistics.accurate_passes_percentage is '0-100, like the other percentages.';
comment on column pulse.sofasport_season_statistics.observed_at is 'As-of time of the run that first saw this content.';
comment on column pulse.sofasport_season_statistics.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.sofasport_seasons is 'SofaSport''s id of each Premier League season, looked up by name. Written by fetch_sofasport_events.';
comment on column pulse.sofasport_seasons.season is 'FPL''s name of the season, for example 2025-26.';
comment on column pulse.sofasport_seasons.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.sofasport_squads is 'Players listed for a club in a season. Written by fetch_sofasport_squads.';
comment on column pulse.sofasport_squads.is_current is 'Whether the newest list still has the player.';
comment on column pulse.sofasport_squads.shirt_number is 'Null when the squad list does not state it.';
comment on column pulse.sofasport_squads.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.sofasport_teams is 'SofaSport''s clubs, from event lists. Written by fetch_sofasport_events.';
comment on column pulse.sofasport_teams.name_code is 'SofaSport''s three-letter code of the club.';
comment on column pulse.sofasport_teams.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.reruns is 'Runs that waited for a failed run of the pipeline before, and ran it once more because its reason may have passed.';
comment on column pulse.reruns.dag_id is 'Pipeline of the run that waited.';
comment on column pulse.reruns.run_id is 'The run that waited. It runs another run again at most once.';
comment on column pulse.reruns.upstream_dag_id is 'Pipeline of the run that had failed.';
comment on column pulse.reruns.upstream_run_id is 'The run that had failed, and whose tasks were cleared.';
comment on column pulse.reruns.reason is 'Why it had failed.';
comment on column pulse.reruns.requested_at is 'Wall clock of the clear.';
comment on table pulse.task_attempts is 'Every try of every task of the pipelines: when it started, how it ended, and the error message of a failed try. Written by the tasks themselves.';
comment on column pulse.task_attempts.map_index is 'Index of the mapped task. -1 for a task that is not mapped.';
comment on column pulse.task_attempts.try_number is 'Airflow''s try number. It continues after a clear.';
comment on column pulse.task_attempts.label is 'The match or club of a mapped task, as GW7 Liverpool–Everton. Null for a task that is not mapped.';
comment on column pulse.task_attempts.state is 'running, success or failed. A try whose process was killed stays running; a later try of the same task replaces it.';
comment on column pulse.task_attempts.started_at is 'Wall clock of the start. For a sensor the time of its first poke.';
comment on column pulse.task_attempts.message is 'The error message. Null unless the try failed.';
comment on column pulse.task_attempts.error is 'The class of the error. Null unless the try failed with an exception.';
comment on column pulse.task_attempts.section is 'The section of docs/runbook.md about the error. Null unless the try failed with an exception.';
comment on column pulse.task_attempts.can_retry is 'Whether another try can succeed without a change by an operator. Null unless the try failed.';
comment on column pulse.task_attempts.finished_at is 'Wall clock of the end. Null while the try is running.';

comment on table pulse.team_mappings is 'Links from SofaSport clubs to FPL clubs, for life. Written by load_mappings.';
comment on column pulse.team_mappings.fpl_team_code is 'Same as fpl_teams.code.';
comment on column pulse.team_mappings.method is 'The kind of evidence behind the link.';
comment on column pulse.team_mappings.confidence is '0-1.';
comment on column pulse.team_mappings.evidence is 'The evidence in words.';
comment on column pulse.team_mappings.made_at is 'As-of time of the run that made the link.';
comment on column pulse.team_mappings.confirmed_at is 'As-of time of the newest run whose evidence supported the link.';
comment on column pulse.team_mappings.updated_at is 'Wall clock of the last change of the row.';

comment on table pulse.key_census is 'How many records of each endpoint have each key. Counted again by each load, from what is stored or from the response. A key that is missing here, or that few records have, was probably renamed.';
comment on column pulse.key_census.endpoint is 'Same as raw_resources.endpoint.';
comment on column pulse.key_census.path is 'Where the records stand in a response, for example players.statistics. Of heatmaps the first point of each is counted.';
comment on column pulse.key_census.gameweek is 'Gameweek of live figures; planned round of lineups and heatmaps; 0 for what is counted over the season.';
comment on column pulse.key_census.key is 'As in the response.';
comment on column pulse.key_census.records is 'Records that were counted. Of lineups: players with minutes.';
comment on column pulse.key_census.have is 'Records that have the key.';
comment on column pulse.key_census.added_at is 'As-of time of the run that first counted the key here.';
comment on column pulse.key_census.updated_at is 'Wall clock of the last change of the row.';

comment on function pulse.as_of_now is 'The as-of time of a run that would start now: the setting pulse.now of the session, but not later than the wall clock; without the setting the wall clock. The setting is for a data source with its own clock: make psql and make status set it.';
comment on function pulse.week_monday is 'The Monday of the week to which a time belongs, in London. A week begins with its first slot, so Monday 01:00 belongs to the week before.';

comment on table pulse.week_slots is 'The schedule, one row for each pipeline. Each upgrade of the schema, so each start, writes it from week.py.';
comment on column pulse.week_slots.title is 'The pipeline''s name in the UI.';
comment on column pulse.week_slots.weekday is '0 is Monday.';
comment on column pulse.week_slots.hour is 'London time, on the hour.';
comment on column pulse.week_slots.done_by is 'The deadline, counted from the slot.';

comment on view pulse.week_status is 'Is this week all right? One row for each pipeline, in the order of the week, with its newest full run for this week''s slot. This week is that of as_of_now, in London; it begins with the first slot.';
comment on column pulse.week_status.title is 'The pipeline''s name in the UI.';
comment on column pulse.week_status.slot_at is 'As-of time of a run for this week''s slot.';
comment on column pulse.week_status.deadline_at is 'As-of time by which a scheduled run should be done.';
comment on column pulse.week_status.state is 'Without a run: not due; due (the slot has begun); missing (the deadline has passed, and the pipeline has run on its schedule before); not run (it has not, or it is summer: no match in three weeks and none in the coming one). With a run: waiting (for another pipeline); running; retrying (a task has failed, and Airflow tries it again); failed; success.';
comment on column pulse.week_status.is_all_right is 'True after a success. False when somebody has to look: failed, missing, or not done by its deadline. Null while it is not known.';
comment on column pulse.week_status.has_missed_deadline is 'Whether a scheduled run was or is not done by its deadline, or there is none. Manual and backfill runs have no deadline.';
comment on column pulse.week_status.run_id is 'Airflow''s id of the newest full run of the week. Null when there is none, and while a first run waits for another pipeline.';
comment on column pulse.week_status.run_type is 'Airflow''s run type: scheduled, backfill or manual.';
comment on column pulse.week_status.as_of is 'As-of time of the run.';
comment on column pulse.week_status.started_at is 'Wall clock of its newest start.';
comment on column pulse.week_status.finished_at is 'Wall clock of its end. Null while it has not ended.';
comment on column pulse.week_status.calls is 'Calls to SofaSport that it has made, retries included.';
comment on column pulse.week_status.calls_skipped is 'Calls that it skipped because the budget did not allow them. Above 0 the run is partial.';
comment on column pulse.week_status.rows_inserted is 'Same as pipeline_runs.rows_inserted.';
comment on column pulse.week_status.rows_updated is 'Same as pipeline_runs.rows_updated.';
comment on column pulse.week_status.have is 'How much of the data that its check counted is present, in all gameweeks (coverage).';
comment on column pulse.week_status.want is 'How much there should be. Data of recent matches and of skipped calls is excused. Null before the check.';
comment on column pulse.week_status.lacking is 'The kinds of data that are not complete, for example: heatmaps 597 of 600. Null when all are.';
comment on column pulse.week_status.message is 'What the check found, or which task failed and why.';
comment on column pulse.week_status.open_alerts is 'Open alerts about this pipeline.';
comment on function pulse.player_matches_of(text, integer[]) is 'What pulse.player_matches should hold of some fixtures of a season.';
comment on function pulse.refresh_player_matches(text, integer[]) is 'Brings pulse.player_matches up to date for some fixtures of a season. The triggers call it.';
