alter table pulse.api_pace drop column slots, drop column refused_at;
