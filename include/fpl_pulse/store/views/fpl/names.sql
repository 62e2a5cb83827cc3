create function fpl.position_name(element_type integer) returns text
language sql immutable parallel safe as $$
    select case element_type when 1 then 'Goalkeeper' when 2 then 'Defender' when 3 then 'Midfielder' when 4 then 'Forward'
                             when 5 then 'Manager' end
$$;

create function fpl.position_name(letter text) returns text
language sql immutable parallel safe as $$
    select case letter when 'G' then 'Goalkeeper' when 'D' then 'Defender' when 'M' then 'Midfielder' when 'F' then 'Forward' end
$$;

create function fpl.status_name(letter text) returns text
language sql immutable parallel safe as $$
    select case letter when 'a' then 'available' when 'd' then 'doubtful' when 'i' then 'injured' when 's' then 'suspended'
                       when 'u' then 'unavailable' when 'n' then 'not eligible' else letter end
$$;

comment on function fpl.position_name(integer) is 'The name of FPL''s number of a position.';
comment on function fpl.position_name(text) is 'The name of SofaSport''s letter of a position.';
comment on function fpl.status_name(text) is 'FPL''s letter for the availability of a player, in words.';
