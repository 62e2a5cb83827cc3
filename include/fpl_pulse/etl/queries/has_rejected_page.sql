-- Whether a page of past events could not be loaded, or was invalidated, and was not fetched again since.
select exists (
    select from pulse.raw_resources
    where endpoint = 'seasons/events' and course = 'last' and season_id = %(season_id)s and outcome = 'rejected')
