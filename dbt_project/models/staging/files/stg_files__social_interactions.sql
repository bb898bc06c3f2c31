with

social_interactions as (

    select * from {{ source('raw_files', 'social_interactions') }}

)

select
    'files:' || trim(interaction_id) as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    nullif(trim(interaction_id), '') as interaction_id,
    nullif(trim(platform), '') as platform,
    nullif(trim(handle), '') as handle,
    nullif(lower(trim(email)), '') as email,
    lower(trim(type)) as type,
    nullif(trim(post_id), '') as post_id,
    occurred_at,
    nullif(trim(sentiment), '') as sentiment
from social_interactions
