{#- KPI: its numerator and denominator, in words of referral_months. -#}
{%- set recommendations = {
    'referral_rate': ('referrer_count', 'active_customer_count'),
    'review_rate': ('reviewer_count', 'active_customer_count'),
    'recommended_customer_rate': ('recommended_customer_count', 'new_customer_count'),
} -%}
{#- The same of tickets. -#}
{%- set answers = {
    'self_service_rate': ('self_service_count', 'ticket_count'),
    'first_response_hours': ('first_response_hours', 'answered_count'),
    'resolution_hours': ('resolution_hours', 'resolved_count'),
} -%}

with

tickets as (

    select
        *,
        {{ business_month('opened_at') }} as month_start,
    from {{ ref('support_tickets') }}

),

referral_months as (

    select * from {{ ref('referral_months') }}

),

segmented as (

    select
        tickets.*,
        unnest(
            {{ person_segments('customer_origins', 'customer_persons', 'segment_months.segment') }}
            || ['support_channel:' || tickets.channel]
        ) as segment,
    from tickets
    {{ segment_of_month('tickets.customer_id', 'tickets.month_start') }}
    left join {{ ref('customer_origins') }} as customer_origins on customer_origins.customer_id = tickets.customer_id
    left join {{ ref('customer_persons') }} as customer_persons on customer_persons.customer_id = tickets.customer_id

),

counted as (

    select
        month_start,
        segment,
        count(*) as ticket_count,
        count(*) filter (where is_self_service) as self_service_count,
        sum(first_response_hours) as first_response_hours,
        count(first_response_hours) as answered_count,
        sum(resolution_hours) as resolution_hours,
        count(resolution_hours) as resolved_count,
    from segmented
    group by all

),

figures as (
    {%- for kpi, (numerator, denominator) in answers.items() %}
    select '{{ kpi }}' as kpi, month_start, segment, {{ numerator }} as numerator, {{ denominator }} as denominator
    from counted
    union all
    {%- endfor %}
    {%- for kpi, (numerator, denominator) in recommendations.items() %}
    select '{{ kpi }}', month_start, segment, {{ numerator }}, {{ denominator }} from referral_months
    union all
    {%- endfor %}
    select 'tickets_per_customer', month_start, segment, coalesce(ticket_count, 0), coalesce(active_customer_count, 0)
    from referral_months
    full join (select * from counted where segment not like 'support_channel:%') as of_people
        using (month_start, segment)
    union all
    -- Who is an active customer does not depend on the channel of a ticket.
    select 'tickets_per_customer', counted.month_start, counted.segment, counted.ticket_count,
        everybody.active_customer_count
    from counted
    join referral_months as everybody
        on everybody.month_start = counted.month_start
        and everybody.segment = 'all'
    where counted.segment like 'support_channel:%'

)

select
    figures.kpi,
    figures.month_start as period_start,
    figures.segment,
    figures.numerator::double as numerator,
    figures.denominator::double as denominator,
    business_months.is_complete as is_mature,
from figures
join {{ ref('business_months') }} as business_months on business_months.month_start = figures.month_start
