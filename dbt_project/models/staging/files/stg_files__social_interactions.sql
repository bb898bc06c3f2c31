with

social_interactions as (

    select * from {{ source('raw_files', 'social_interactions') }}

)

select
    'files:' || interaction_id as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    interaction_id,
    platform,
    handle,
    lower(email) as email,
    type,
    post_id,
    occurred_at,
    sentiment
from social_interactions
