select exists (select from pulse.sofasport_events where season = %(season)s)
