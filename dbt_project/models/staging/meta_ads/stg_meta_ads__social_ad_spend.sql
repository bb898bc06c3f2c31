with

campaign_days as (

    select * from {{ source('raw_meta_ads', 'campaign_days') }}

),

-- Measures of one purchase lie in one another: the widest one delivered counts, never their sum.
counted as (

    select
        *,
        map_from_entries(
            list_transform(
                from_json(coalesce(actions, '[]'), '[{"action_type": "VARCHAR", "value": "DOUBLE"}]'),
                lambda one: {'key': one.action_type, 'value': one.value}
            )
        ) as counts,
    from campaign_days

),

measured as (

    select
        *,
        coalesce(
            counts['omni_purchase'], counts['purchase'], counts['offsite_conversion.fb_pixel_purchase']
        ) as purchase_count,
        counts['lead'] as lead_count,
    from counted

)

select
    'meta_ads:' || campaign_id || '|' || date_start as record_key,
    'meta_ads' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    'meta_ads' as platform,
    campaign_id,
    cast(date_start as date) as spend_date,
    campaign_name,
    'paid_social' as channel,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    cast(spend as decimal(18, 4)) as spend_amount,
    upper(account_currency) as currency,
    case
        when purchase_count is not null or lead_count is not null
            then coalesce(purchase_count, 0) + coalesce(lead_count, 0)
    end as conversions_reported
from measured
