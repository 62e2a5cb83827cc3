select calls_left, heard_at, resets_at, as_of, calls_7_days, matches_coming, calls_forecast, is_enough
from pulse.quota_outlook
