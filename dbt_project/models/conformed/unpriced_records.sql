{%- set versioned = {
    'crm_orders': {'clock': 'ordered_at', 'amount': 'net_amount'},
    'crm_deals': {'clock': 'created_at', 'amount': 'amount'},
    'crm_subscriptions': {'clock': 'least(trial_started_at, started_at)', 'amount': 'mrr_amount'},
} -%}
with

{% for entity, columns in versioned.items() %}
{{ entity }} as (

    {{ version_as_of(
        [ref('stg_files__' ~ entity)],
        clock=columns.clock,
        condition='record_key not in (select record_key from ' ~ ref(entity) ~ ')'
    ) }}

),
{% endfor %}
social_ad_spend as (

    {{ latest_delivery(
        [ref('stg_files__social_ad_spend')],
        condition='record_key not in (select record_key from ' ~ ref('social_ad_spend') ~ ')'
    ) }}

),

unpriced as (

    {% for entity, columns in versioned.items() %}
    select
        '{{ entity }}' as entity,
        record_key,
        currency,
        {{ business_date(columns.clock) }} as business_date,
        load_seq,
    from {{ entity }}
    where coalesce({{ columns.clock }} < {{ as_of_end() }}, true)
    union all
    {% endfor %}
    select
        'social_ad_spend',
        record_key,
        currency,
        spend_date,
        load_seq,
    from social_ad_spend
    where spend_date <= {{ as_of() }}
    union all
    select
        'web_events',
        record_key,
        currency,
        {{ business_date('occurred_at') }},
        load_seq,
    from {{ ref('web_events') }}
    where value_amount_original is not null
        and value_amount is null
        and occurred_at < {{ as_of_end() }}

)

select
    entity,
    record_key,
    currency,
    business_date,
    case
        when currency is null then 'the amount has no currency'
        else 'no exchange rate on or before the business date'
    end as reason,
    load_seq
from unpriced
