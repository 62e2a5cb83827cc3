-- The rows of the register that is being read, until the end of the transaction.
create temporary table register (
    person text not null,
    name text not null,
    birth_date text not null,
    sofasport_player_id integer,
    fpl_code integer,
    ids jsonb not null
) on commit drop
