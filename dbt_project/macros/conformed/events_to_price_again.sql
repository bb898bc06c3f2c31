{#-
    Stored web events whose value in a foreign currency has to be converted again because rates came in since the last
    build. Without new rates nothing is read.
-#}
{% macro events_to_price_again() -%}
    select
        * exclude (identifier_key, value_amount_original)
        replace (value_amount_original as value_amount)
    from {{ this }} as stored_events
    where value_amount_original is not null
        and currency <> {{ reporting_currency() }}
        and (select max(load_seq) from {{ ref('exchange_rates') }}) > {{ watermark(this) }}
        and not exists (select 1 from new_deliveries where new_deliveries.record_key = stored_events.record_key)
{%- endmacro %}
