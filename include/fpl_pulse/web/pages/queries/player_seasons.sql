-- The seasons in which FPL lists a player.
select players.season
from pulse.fpl_players as players
where players.code = %(code)s
order by players.season desc
