with

campaign_days as (

    select * from {{ source('raw_google_ads', 'campaign_days') }}

)

select
    'google_ads:' || campaign_id || '|' || date as record_key,
    'google_ads' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    'google_ads' as platform,
    campaign_id,
    cast(date as date) as spend_date,
    campaign_name,
    case channel_type
        when 'SEARCH' then 'paid_search'
        when 'SHOPPING' then 'paid_search'
        when 'DISPLAY' then 'display'
        when 'VIDEO' then 'display'
    end as channel,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    cast(cast(cost_micros as decimal(24, 6)) / 1000000 as decimal(18, 4)) as spend_amount,
    upper(currency_code) as currency,
    conversions as conversions_reported
from campaign_days
