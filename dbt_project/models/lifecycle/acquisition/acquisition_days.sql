{#- Spend of this platform is what sales cost, not advertising. -#}
{%- set is_sales = "platform = 'sales'" -%}

with

advertised as (

    select
        spend_date as reported_on,
        platform,
        coalesce(campaign_name, campaign_id) as campaign,
        coalesce(channel, 'unknown') as channel,
        sum(impressions) filter (where not {{ is_sales }}) as impressions,
        sum(clicks) filter (where not {{ is_sales }}) as clicks,
        sum(spend_amount) filter (where not {{ is_sales }}) as spend_amount,
        sum(spend_amount) filter (where {{ is_sales }}) as sales_cost_amount,
    from {{ ref('social_ad_spend') }}
    group by all

),

posted as (

    select
        metric_date as reported_on,
        platform,
        page_id as campaign,
        'organic_social' as channel,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
    from {{ ref('social_page_metrics') }}
    group by all

),

-- Campaigns are looked up once for all orders of a day, not for every credit.
credits as (

    select
        ordered_on,
        campaign,
        channel,
        {%- for model in attribution_models() %}
        sum(credit) filter (where model = '{{ model }}') as {{ model }}_conversions_count,
        sum(credit) filter (where model = '{{ model }}' and is_first_order) as {{ model }}_first_purchases_count,
        sum(revenue_amount) filter (where model = '{{ model }}') as {{ model }}_revenue_amount,
        {%- endfor %}
    from {{ ref('attribution_credits') }}
    group by all

),

credited as (

    select
        credits.ordered_on as reported_on,
        coalesce(by_channel.platform, by_tag.platform, 'none') as platform,
        coalesce(by_channel.campaign, by_tag.campaign, credits.campaign, 'none') as campaign,
        credits.* exclude (ordered_on, campaign),
    from credits
    left join {{ ref('campaign_tags') }} as by_channel
        on by_channel.tag = lower(trim(credits.campaign))
        and by_channel.channel = credits.channel
    left join {{ ref('campaign_tags') }} as by_tag
        on by_tag.tag = lower(trim(credits.campaign))
        and by_tag.channel = 'any'

),

together as (

    select * from advertised
    union all by name
    select * from posted
    union all by name
    select * from credited

)

select
    reported_on,
    platform,
    campaign,
    channel,
    sum(impressions) as impressions,
    sum(clicks) as clicks,
    sum(spend_amount) as spend_amount,
    sum(sales_cost_amount) as sales_cost_amount,
    {%- for model in attribution_models() %}
    coalesce(sum({{ model }}_conversions_count), 0) as {{ model }}_conversions_count,
    coalesce(sum({{ model }}_first_purchases_count), 0) as {{ model }}_first_purchases_count,
    coalesce(sum({{ model }}_revenue_amount), 0) as {{ model }}_revenue_amount,
    {%- endfor %}
from together
group by all
