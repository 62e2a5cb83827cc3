-- Since when the quota of an hour is known to be spent: the newest call to SofaSport says so, and is recent.
select newest.called_at as found_at
from (
    select called_at, outcome from pulse.api_calls
    where api = 'sofasport' and called_at > now() - %(pause_s)s * interval '1 second'
    order by called_at desc
    limit 1
) as newest
where newest.outcome = 'QuotaPauseError'
