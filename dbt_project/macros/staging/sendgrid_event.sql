{#-
    What both staging models of SendGrid need of an event. Its number; opt-outs can come without one and are then known
    by what they say, the address hashed, because a key is no place for it.
-#}
{% macro sendgrid_event_id() -%}
    coalesce(
        sg_event_id,
        'unnumbered:' || md5(
            concat_ws('|', lower(event), lower(trim(email)), timestamp, sg_message_id, asm_group_id, newsletter_id, url)
        )
    )
{%- endmacro %}

{#- Its time: seconds, or milliseconds where seconds would be later than the year 5138. -#}
{% macro sendgrid_occurred_at() -%}
    {{ utc_of_seconds('case when timestamp >= 100000000000 then timestamp / 1000 else timestamp end') }}
{%- endmacro %}
