insert into pulse.coverage
    (dag_id, run_id, gameweek, what, season, have, want, not_yet, least, is_enough, missing, as_of)
values
    (%(dag_id)s, %(run_id)s, %(gameweek)s, %(what)s, %(season)s, %(have)s, %(want)s, %(not_yet)s, %(least)s,
     %(is_enough)s, %(missing)s, %(as_of)s)
