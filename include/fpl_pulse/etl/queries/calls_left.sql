-- What is left of SofaSport's quota. No row when SofaSport never reported it, or when the quota was reset since.
select calls, resets_at
from pulse.quota_left
where resets_at is null or resets_at > clock_timestamp()
