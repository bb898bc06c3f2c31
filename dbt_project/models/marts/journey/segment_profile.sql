with

customers as (

    select
        *,
        coalesce(customer_segment, 'no_touchpoint') as segment,
        case when is_business then 'business' else 'consumer' end as customer_type,
        case when is_business then coalesce(company_industry, 'unknown') else 'none' end as industry,
        case when is_business then coalesce(company_size_band, 'unknown') else 'none' end as size_band,
        coalesce(country, 'unknown') as country_code,
        {%- for channel in ['email', 'phone', 'post'] %}
        is_{{ channel }}_contactable{{ ' or' if not loop.last }}
        {%- endfor %} as is_contactable,
    from {{ ref('customer_profile') }}

)

select
    segment,
    customer_type,
    industry as company_industry,
    size_band as company_size_band,
    country_code as country,
    count(*)::integer as people_count,
    count(*) filter (where order_count > 0)::integer as buyer_count,
    count(*) filter (where has_active_contract)::integer as contract_customer_count,
    count(*) filter (where is_contactable)::integer as contactable_count,
    sum(order_count)::integer as order_count,
    sum(revenue_amount)::decimal(18, 2) as revenue_amount,
    (sum(revenue_amount) / nullif(count(*) filter (where order_count > 0), 0))::decimal(18, 2)
        as revenue_per_buyer_amount,
    sum(mrr_amount)::decimal(18, 2) as mrr_amount,
    sum(contribution_amount)::decimal(18, 2) as historic_clv_amount,
    sum(predicted_clv_36m_amount)::decimal(18, 2) as predicted_clv_36m_amount,
    round(avg(engagement_score::decimal(18, 4)), 4) as mean_engagement_score,
    round(avg(lead_score::decimal(18, 4)), 4) as mean_lead_score,
    round(avg(email_open_rate::decimal(18, 9)), 6) as mean_email_open_rate,
    count(nps_score)::integer as nps_response_count,
    100.0 * (count(*) filter (where nps_category = 'promoter') - count(*) filter (where nps_category = 'detractor'))
        / nullif(count(nps_score), 0) as nps,
    count(csat_score)::integer as csat_response_count,
    round(avg(csat_score::decimal(18, 6)), 6) as mean_csat_score,
    count(ces_score)::integer as ces_response_count,
    round(avg(ces_score::decimal(18, 6)), 6) as mean_ces_score,
    {{ as_of() }} as as_of,
from customers
group by segment, customer_type, industry, size_band, country_code
