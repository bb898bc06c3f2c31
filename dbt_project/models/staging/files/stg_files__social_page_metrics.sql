with

social_page_metrics as (

    select * from {{ source('raw_files', 'social_page_metrics') }}

)

select
    'files:' || platform || '|' || page_id || '|' || metric_date as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    platform,
    page_id,
    metric_date,
    impressions,
    reach,
    likes,
    comments,
    shares,
    saves,
    clicks,
    followers
from social_page_metrics
