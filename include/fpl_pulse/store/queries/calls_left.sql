-- What SofaSport last said is left of the quota, less the calls since then that brought no word of it. No row when it
-- never said anything, or when the quota has begun anew since.
with said as (
    select call_id, case when outcome = 'QuotaSpentError' then 0 else quota_remaining end as calls,
           -- A refusal may come without headers: then the reset is the one that was announced before it.
           coalesce(quota_resets_at, (
               select announced.quota_resets_at from pulse.api_calls as announced
               where announced.api = 'sofasport' and announced.quota_resets_at > clock_timestamp()
                 and announced.call_id < said.call_id
               order by announced.call_id desc limit 1)) as resets_at
    from pulse.api_calls as said
    where api = 'sofasport' and (quota_remaining is not null or outcome = 'QuotaSpentError')
    order by call_id desc limit 1
)
select greatest(0, said.calls - (select count(*) from pulse.api_calls as since
                                 where since.api = 'sofasport' and since.call_id > said.call_id))::int as calls,
       said.resets_at
from said
where said.resets_at is null or said.resets_at > clock_timestamp()
