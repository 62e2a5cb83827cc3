drop function pulse.current_rate;
alter table pulse.api_pace drop column slowed_to, drop column slowed_at;
