-- What is left of SofaSport's quota. No row when it never said anything, or when the quota has begun anew since.
select calls, resets_at
from pulse.quota_left
where resets_at is null or resets_at > clock_timestamp()
