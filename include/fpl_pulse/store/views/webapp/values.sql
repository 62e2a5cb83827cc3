-- Values of FPL's and SofaSport's objects that have no column of their own. A value that is not of the type is null: a
-- single odd value must not end a query.
create function webapp.text_of(object jsonb, key text, length integer) returns text
language sql immutable parallel safe as $$
    select left(object ->> key, length)
$$;

create function webapp.integer_of(object jsonb, key text) returns integer
language sql immutable parallel safe as $$
    select case when object ->> key ~ '^-?\d{1,9}$' then (object ->> key)::integer end
$$;

create function webapp.boolean_of(object jsonb, key text) returns boolean
language sql immutable parallel safe as $$
    select case when jsonb_typeof(object -> key) = 'boolean' then (object ->> key)::boolean end
$$;

-- Null also for a number that the column cannot hold: `most` and beyond.
create function webapp.number_of(object jsonb, key text, most numeric) returns numeric
language sql immutable parallel safe as $$
    select case when object ->> key ~ '^-?\d{1,12}(\.\d{1,30})?$'
                then case when abs((object ->> key)::numeric) < most then (object ->> key)::numeric end end
$$;

-- Null for a day that its month does not have. Of the leap days, those of 1904 to 2096.
create function webapp.date_of(object jsonb, key text) returns date
language sql stable parallel safe as $$
    select case when object ->> key ~ ('^((19|20)\d\d-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])'
                                       '|(19|20)\d\d-(0[13-9]|1[0-2])-(29|30)|(19|20)\d\d-(0[13578]|1[02])-31'
                                       '|((19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$')
                then (object ->> key)::date end
$$;

create view webapp.current_season as
select season, observed_at, updated_at from pulse.fpl_seasons order by observed_at desc limit 1;

comment on view webapp.current_season is 'The season that the other views show.';
comment on function webapp.text_of(jsonb, text, integer) is 'A text of an object, cut to a length.';
comment on function webapp.integer_of(jsonb, text) is 'A whole number of an object. Null when it is none.';
comment on function webapp.boolean_of(jsonb, text) is 'A truth value of an object. Null when it is none.';
comment on function webapp.number_of(jsonb, text, numeric) is 'A number of an object. Null when it is none, or too large.';
comment on function webapp.date_of(jsonb, text) is 'A date of an object. Null when it is none.';
