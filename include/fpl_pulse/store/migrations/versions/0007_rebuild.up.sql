-- Mark forced responses, which a manual run requested by id with refresh, so that a rebuild loads them as that run did.

alter table pulse.raw_answers add column is_wanted boolean not null default false;
