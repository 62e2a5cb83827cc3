-- Note that a resource was fetched. Returns its id, and its newest stored response with the digest.
with resource as (
    insert into pulse.raw_resources as resources
        (endpoint, resource, api, params, outcome, no_data_times, fetched_at, as_of)
    values (%(endpoint)s, %(resource)s, %(api)s, %(params)s, 'fetched', 0, now(), %(as_of)s)
    on conflict on constraint raw_resources_identity do update set
        outcome = 'fetched', no_data_times = 0, no_data_since = null,
        fetched_at = excluded.fetched_at, as_of = excluded.as_of,
        -- After no data, after a rejection and with load_again, the response is loaded even if the tables held it before.
        loaded_response_id = case
            when resources.outcome = 'fetched' and not %(load_again)s then resources.loaded_response_id end
    returning resource_id, response_id
)
select resource.resource_id, responses.response_id, responses.sha256
from resource left join pulse.raw_responses as responses using (response_id)
