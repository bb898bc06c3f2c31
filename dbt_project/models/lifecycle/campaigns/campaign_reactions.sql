{#- What happened to a member within the window after the campaign. -#}
{%- set within_window = "happened_at >= members.started_at and happened_at < members.window_ends_at" -%}

with

members as (

    select * from {{ ref('campaign_members') }}

),

mails as (

    select
        source,
        campaign as campaign_id,
        customer_id,
        touchpoint,
        occurred_at as happened_at,
    from {{ ref('touchpoints') }}
    where domain = 'email'

),

-- Visits and orders, by coupon or link, name the campaign by its name or its identifier.
responses as (

    select
        customer_id,
        lower(campaign) as tag,
        arrived_at as happened_at,
    from {{ ref('web_sessions') }}
    where campaign is not null
    union all
    select
        customer_id,
        lower(campaign) as tag,
        occurred_at as happened_at,
    from {{ ref('touchpoints') }}
    where touchpoint = 'order_paid'
        and campaign is not null

),

opt_outs as (

    select
        customer_id,
        occurred_at as happened_at,
    from {{ ref('touchpoints') }}
    where touchpoint in ('email_unsubscribe', 'email_complaint', 'email_opt_out')

),

signs as (

    select source, campaign_id, customer_id, mails.touchpoint as sign
    from members
    join mails using (source, campaign_id, customer_id)
    where {{ within_window }}
    union all
    {%- for name in ['campaign', 'campaign_id'] %}
    select members.source, members.campaign_id, members.customer_id, 'response'
    from members
    join responses on responses.customer_id = members.customer_id and responses.tag = lower(members.{{ name }})
    where {{ within_window }}
    union all
    {%- endfor %}
    select members.source, members.campaign_id, members.customer_id, 'opt_out'
    from members
    join opt_outs on opt_outs.customer_id = members.customer_id
    where {{ within_window }}

)

select
    source,
    campaign_id,
    customer_id,
    bool_or(sign = 'email_delivered') as is_delivered,
    bool_or(sign = 'email_open') as is_opened,
    bool_or(sign = 'email_machine_open') as is_opened_by_machine,
    bool_or(sign in ('email_click', 'response')) as is_responding,
    bool_or(sign = 'opt_out') as is_opted_out,
from signs
group by all
