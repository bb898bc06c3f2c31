{#-
    Edges of one rule: pairs of identifiers that the rows of `entities` carry together, among the sightings that this
    run looks at again. `left_types` is a list: the row's most trusted identifier among them is the left end.
-#}
{% macro identifiers_seen_together(rule, entities, left_types, right_type) -%}
    -- depends_on: {{ ref('sightings') }}, {{ ref('scoped_sightings') }}

    with

    pairs as (

        select
            coalesce({% for type in left_types %}{{ type }}_key{{ ", " if not loop.last }}{% endfor %}) as left_key,
            {{ right_type }}_key as right_key,
            first_seen_at,
            last_seen_at,
            record_key,
            load_seq,
            row_count,
        from {{ sightings_looked_at() }}
        where entity in ('{{ entities | join("', '") }}')
            and role = 'subject'

    )

    select
        '{{ rule }}' as rule,
        left_key,
        right_key,
        min({'seen_at': first_seen_at, 'record_key': record_key}).record_key as record_key,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at,
        min(load_seq) as load_seq,
        sum(row_count)::bigint as row_count
    from pairs
    where left_key is not null
        and right_key is not null
    group by left_key, right_key
{%- endmacro %}
