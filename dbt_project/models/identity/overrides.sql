{%- set normalised = {
    'contact_id': "value",
    'user_id': "value",
    'loyalty_id': "upper(value)",
    'email': normalised_email('lower(value)'),
    'phone': "normalise_phone(value, '', " ~ default_country() ~ ")",
    'social_handle': "lower(replace(value, '/@', '/'))",
    'anonymous_id': "value",
} -%}
with

delivered as (

    select * from {{ ref('reference_identity_overrides') }}
    where created_at < {{ as_of_end() }}

),

ends as (

    select record_key, 'left' as side, left_type as type, left_value as value from delivered
    union all
    select record_key, 'right', right_type, right_value from delivered

),

keys as (

    select
        record_key,
        side,
        type || ':' || case type
            {%- for identifier_type, value in normalised.items() %}
            when '{{ identifier_type }}' then {{ value }}
            {%- endfor %}
        end as identifier_key,
    from ends

)

select
    delivered.record_key,
    delivered.override_id,
    delivered.action,
    left_keys.identifier_key as left_key,
    right_keys.identifier_key as right_key,
    delivered.reason,
    delivered.created_at,
    delivered.first_load_seq
from delivered
inner join keys as left_keys on left_keys.record_key = delivered.record_key and left_keys.side = 'left'
inner join keys as right_keys on right_keys.record_key = delivered.record_key and right_keys.side = 'right'
