with

social_ad_spend as (

    select * from {{ source('raw_files', 'social_ad_spend') }}

)

select
    'files:' || trim(platform) || '|' || trim(campaign_id) || '|' || spend_date as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    nullif(trim(platform), '') as platform,
    nullif(trim(campaign_id), '') as campaign_id,
    spend_date,
    nullif(trim(campaign_name), '') as campaign_name,
    nullif(trim(channel), '') as channel,
    impressions,
    clicks,
    spend_amount,
    nullif(upper(trim(currency)), '') as currency,
    conversions_reported
from social_ad_spend
