-- What a person has asked for by name is told apart in the archive, so that building the tables anew takes it as he did.

alter table pulse.raw_answers add column is_wanted boolean not null default false;
