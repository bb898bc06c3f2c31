with

feedback_submissions as (

    select * from {{ source('raw_hubspot', 'feedback_submissions') }}

)

select
    'hubspot:' || id as record_key,
    'hubspot' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    id as response_id,
    contact_ids ->> 0 as contact_id,
    cast(null as varchar) as email,
    lower(survey_type) as survey_type,
    cast(value as double) as score,
    -- Only these two have one scale at HubSpot; a CSAT survey brings its own.
    case lower(survey_type) when 'nps' then 0 when 'ces' then 1 end as scale_min,
    case lower(survey_type) when 'nps' then 10 when 'ces' then 7 end as scale_max,
    true as higher_is_better,
    coalesce({{ utc('submitted_at') }}, {{ utc('created_at') }}) as responded_at,
    survey_name as touchpoint,
    comment
from feedback_submissions
where not is_archived
    and value is not null
    and lower(survey_type) in ('nps', 'csat', 'ces')
