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
        and campaign is not null
    group by all

),

-- Counted for people with the same segments first: there are few kinds of them and many mails.
by_people as (

    select
        {{ business_month('mails.delivered_at') }} as month_start,
        customer_origins.acquisition_channel,
        customer_persons.country,
        customer_persons.is_business,
        customer_persons.company_industry,
        customer_persons.company_size_band,
        segment_months.segment as customer_segment,
        count(*) as delivered,
        count(*) filter (where is_opened_by_person) as human_open,
        count(*) filter (where is_opened_by_machine) as machine_open,
        count(*) filter (where is_opened_by_person or is_opened_by_machine) as any_open,
        count(*) filter (where is_clicked) as click,
        count(*) filter (where is_clicked and is_opened_by_person) as click_to_open,
    from mails
    {{ segment_of_month('mails.customer_id', business_month('mails.delivered_at')) }}
    left join {{ ref('customer_origins') }} as customer_origins on customer_origins.customer_id = mails.customer_id
    left join {{ ref('customer_persons') }} as customer_persons on customer_persons.customer_id = mails.customer_id
    where mails.delivered_at is not null
    group by all

),

segmented as (

    select
        *,
        unnest({{ person_segments('by_people', 'by_people', 'by_people.customer_segment') }}) as segment,
    from by_people

)
{% for variant, denominator in [
    ('human_open', 'delivered'), ('machine_open', 'delivered'), ('any_open', 'delivered'), ('click', 'delivered'),
    ('click_to_open', 'human_open'),
] %}
select
    month_start,
    'email' as channel,
    '{{ variant }}' as variant,
    segment,
    sum({{ variant }}) as numerator,
    sum({{ denominator }}) as denominator,
from segmented
group by month_start, segment
{% if not loop.last %}union all{% endif %}
{%- endfor %}
