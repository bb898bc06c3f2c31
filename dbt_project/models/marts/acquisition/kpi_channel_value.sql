{%- set reference = var('attribution_reference_model') -%}

with

customers as (

    select customer_id from {{ ref('customer_periods') }} group by customer_id

),

people as (

    select
        coalesce(profiles.acquisition_channel, 'unknown') as channel,
        customers.customer_id is not null as is_customer,
        profiles.revenue_amount,
        profiles.contribution_amount,
        profiles.predicted_clv_36m_amount,
        {{ days_between('profiles.first_touchpoint_at', 'profiles.first_order_at') }} as days_to_first_order,
    from {{ ref('customer_profile') }} as profiles
    left join customers on customers.customer_id = profiles.customer_id

),

worth as (

    select
        channel,
        count(*) as people_count,
        count(*) filter (where is_customer) as customer_count,
        sum(revenue_amount) as revenue_amount,
        avg(revenue_amount) filter (where is_customer) as mean_historic_revenue_amount,
        avg(contribution_amount) filter (where is_customer) as mean_historic_contribution_amount,
        avg(predicted_clv_36m_amount) filter (where is_customer) as mean_predicted_clv_36m_amount,
        median(days_to_first_order) as median_days_to_first_order,
    from people
    group by channel

),

cost as (

    select
        channel,
        sum(spend_amount) as spend_amount,
        sum({{ reference }}_first_purchases_count) as attributed_first_purchases_count,
    from {{ ref('acquisition_days') }}
    group by channel
    having sum(spend_amount) is not null

),

trends as (

    select
        *,
        recent_converted_count / nullif(recent_people_count, 0) as recent_conversion_rate,
        earlier_converted_count / nullif(earlier_people_count, 0) as earlier_conversion_rate,
        (recent_converted_count + earlier_converted_count) / (recent_people_count + earlier_people_count) as pooled_rate,
    from {{ ref('channel_trends') }}

)

select
    coalesce(worth.channel, cost.channel) as acquisition_channel,
    coalesce(worth.people_count, 0)::integer as people_count,
    coalesce(worth.customer_count, 0)::integer as customer_count,
    cost.spend_amount::decimal(18, 2) as spend_amount,
    cost.attributed_first_purchases_count::double as attributed_first_purchases_count,
    (cost.spend_amount::double / nullif(cost.attributed_first_purchases_count::double, 0))::decimal(18, 2)
        as cost_per_acquisition_amount,
    coalesce(worth.revenue_amount, 0)::decimal(18, 2) as revenue_amount,
    worth.mean_historic_revenue_amount::decimal(18, 2) as mean_historic_revenue_amount,
    worth.mean_historic_contribution_amount::decimal(18, 2) as mean_historic_contribution_amount,
    worth.mean_predicted_clv_36m_amount::decimal(18, 2) as mean_predicted_clv_36m_amount,
    worth.median_days_to_first_order,
    trends.recent_conversion_rate,
    trends.earlier_conversion_rate,
    trends.recent_conversion_rate - trends.earlier_conversion_rate as conversion_trend,
    case
        when trends.recent_people_count > 0 and trends.earlier_people_count > 0
            then coalesce({{ two_proportion_z('trends') }} < -1.645, false)
    end as is_declining,
    {{ as_of() }} as as_of,
from worth
full join cost on cost.channel = worth.channel
left join trends on trends.acquisition_channel = worth.channel
