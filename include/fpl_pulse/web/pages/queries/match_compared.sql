-- How many players of a fixture the newest comparison with FPL's figures covered.
select players from pulse.fixture_reconciliations where season = %(season)s and fixture_id = %(fixture_id)s
