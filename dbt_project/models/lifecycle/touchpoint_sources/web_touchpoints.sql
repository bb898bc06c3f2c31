with

web_events as (

    select
        *,
        coalesce({{ referrer_host('referrer', 'page_url') }}, '') as referrer_host,
        coalesce({{ click_id_kind('click_id', 'page_url') }}, '') as click_id_kind,
    from {{ ref('web_events') }}

),

web_channels as (

    select * from {{ ref('web_channels') }}

)

select
    'web_events:' || web_events.record_key as touchpoint_id,
    'web_events' as entity,
    web_events.load_seq,
    web_events.identifier_key,
    web_events.occurred_at,
    'web' as domain,
    web_events.source,
    case web_events.event when 'custom' then 'custom_event' else web_events.event end as touchpoint,
    web_channels.channel,
    web_events.utm_campaign as campaign,
    null::decimal(18, 2) as revenue_amount,
    null::varchar as satisfaction_type,
    null::double as satisfaction_score,
    case
        when web_events.value_amount_original is not null
            then {{ json_of({
                'product_id': 'web_events.product_id',
                'value_amount': 'web_events.value_amount_original',
                'currency': 'web_events.currency',
            }) }}
        when web_events.product_id is not null then {{ json_of({'product_id': 'web_events.product_id'}) }}
    end as attributes,
from web_events
left join web_channels
    on web_channels.utm_source = coalesce(web_events.utm_source, '')
    and web_channels.utm_medium = coalesce(web_events.utm_medium, '')
    and web_channels.referrer_host = web_events.referrer_host
    and web_channels.click_id = web_events.click_id_kind
where web_events.identifier_key is not null
