with

delivered as (

    {{ latest_delivery(staged('social_page_metrics')) }}

)

select
    record_key,
    source,
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
    followers,
    load_seq,
    first_load_seq
from delivered
where metric_date <= {{ as_of() }}
