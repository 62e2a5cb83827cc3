-- What a person has asked for by name is told apart in the archive, so that building the tables anew takes it as he did.

alter table pulse.raw_answers add column is_wanted boolean not null default false;
comment on column pulse.raw_answers.is_wanted is 'A person has asked for this match again by name: the answer counts even where it says less than the one before.';
comment on column pulse.fpl_players.added_at is 'The moment of the run that first saw him; FPL adds players all season.';
