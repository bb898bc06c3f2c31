with

delivered as (

    {{ latest_delivery(staged('social_ad_spend')) }}

)

select
    record_key,
    source,
    platform,
    campaign_id,
    spend_date,
    campaign_name,
    channel,
    impressions,
    clicks,
    {{ in_reporting_currency('spend_amount') }} as spend_amount,
    spend_amount as spend_amount_original,
    delivered.currency,
    conversions_reported,
    delivered.load_seq,
    first_load_seq
from delivered
{{ join_exchange_rate('delivered', start_of_business_date('delivered.spend_date')) }}
where spend_date <= {{ as_of() }}
    and exchange_rates.rate is not null
