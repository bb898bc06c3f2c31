with

mails as (

    select
        customer_id,
        campaign,
        min(occurred_at) filter (where touchpoint = 'email_delivered') as delivered_at,
        bool_or(touchpoint = 'email_open') as is_opened_by_person,
        bool_or(touchpoint = 'email_machine_open') as is_opened_by_machine,
        bool_or(touchpoint = 'email_click') as is_clicked,
    from {{ ref('touchpoints') }}
    where domain = 'email'
    group by all

),

by_month as (

    select
        {{ business_month('delivered_at') }} as month_start,
        count(*) as delivered,
        count(*) filter (where is_opened_by_person) as human_open,
        count(*) filter (where is_opened_by_machine) as machine_open,
        count(*) filter (where is_opened_by_person or is_opened_by_machine) as any_open,
        count(*) filter (where is_clicked) as click,
        count(*) filter (where is_clicked and is_opened_by_person) as click_to_open,
    from mails
    where delivered_at is not null
    group by 1

)
{% for variant, denominator in [
    ('human_open', 'delivered'), ('machine_open', 'delivered'), ('any_open', 'delivered'), ('click', 'delivered'),
    ('click_to_open', 'human_open'),
] %}
select
    month_start,
    'email' as channel,
    '{{ variant }}' as variant,
    {{ variant }} as numerator,
    {{ denominator }} as denominator,
from by_month
{% if not loop.last %}union all{% endif %}
{%- endfor %}
