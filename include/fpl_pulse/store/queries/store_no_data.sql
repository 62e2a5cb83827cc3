-- Note that the source has no data for a resource: since which as-of time, and how many times in a row.
insert into pulse.raw_resources as resources
    (endpoint, resource, api, params, outcome, no_data_times, no_data_since, fetched_at, as_of)
values (%(endpoint)s, %(resource)s, %(api)s, %(params)s, 'no_data', 1, %(as_of)s, now(), %(as_of)s)
on conflict on constraint raw_resources_identity do update set
    outcome = 'no_data', no_data_times = resources.no_data_times + 1,
    no_data_since = coalesce(resources.no_data_since, excluded.no_data_since),
    fetched_at = excluded.fetched_at, as_of = excluded.as_of
