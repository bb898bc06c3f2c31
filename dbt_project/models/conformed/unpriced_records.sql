{%- set versioned = {
    'crm_orders': {'clock': 'ordered_at', 'amount': 'net_amount'},
    'crm_deals': {'clock': 'created_at', 'amount': 'amount'},
    'crm_subscriptions': {'clock': 'least(trial_started_at, started_at)', 'amount': 'mrr_amount'},
} -%}
with

{% for entity, columns in versioned.items() %}
{{ entity }} as (

    {{ version_as_of(
        staged(entity),
        clock=columns.clock,
        condition='record_key not in (select record_key from ' ~ ref(entity) ~ ')'
    ) }}

),
{% endfor %}
{% for entity in ['social_ad_spend', 'crm_order_lines'] %}
{{ entity }} as (

    {{ latest_delivery(
        staged(entity),
        condition='record_key not in (select record_key from ' ~ ref(entity) ~ ')'
    ) }}

),
{% endfor %}

unpriced as (

    {% for entity, columns in versioned.items() %}
    select
        '{{ entity }}' as entity,
        record_key,
        currency,
        {{ business_date(columns.clock) }} as business_date,
        {{ why_unpriced('currency') }} as reason,
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
        {{ why_unpriced('currency') }},
        load_seq,
    from social_ad_spend
    where spend_date <= {{ as_of() }}
    union all
    select
        'crm_order_lines',
        crm_order_lines.record_key,
        crm_orders.currency,
        {{ business_date('crm_orders.ordered_at') }},
        {{ why_unpriced('crm_orders.currency') }},
        crm_order_lines.load_seq,
    from crm_order_lines
    inner join crm_orders using (source, order_id)
    where crm_orders.ordered_at < {{ as_of_end() }}
    union all
    select
        'crm_order_lines',
        crm_order_lines.record_key,
        null,
        null,
        'the order was never delivered',
        crm_order_lines.load_seq,
    from crm_order_lines
    anti join ({{ deliveries(staged('crm_orders')) }}) as delivered_orders using (source, order_id)
    union all
    select
        'web_events',
        record_key,
        currency,
        {{ business_date('occurred_at') }},
        {{ why_unpriced('currency') }},
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
    reason,
    load_seq
from unpriced
