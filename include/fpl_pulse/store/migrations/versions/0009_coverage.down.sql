drop view pulse.quota_outlook;
drop view pulse.quota_left;
drop view pulse.freshness;
drop table pulse.coverage;
drop view pulse.expected_data;
drop view pulse.event_gameweeks;
