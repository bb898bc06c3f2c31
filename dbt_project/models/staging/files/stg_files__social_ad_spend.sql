with

social_ad_spend as (

    select * from {{ source('raw_files', 'social_ad_spend') }}

)

select
    'files:' || platform || '|' || campaign_id || '|' || spend_date as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    platform,
    campaign_id,
    spend_date,
    campaign_name,
    channel,
    impressions,
    clicks,
    spend_amount,
    upper(currency) as currency,
    conversions_reported
from social_ad_spend
