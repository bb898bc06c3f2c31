{#-
    The sightings of one entry of `person_entities`: delivered values are grouped first and normalised afterwards, so
    that a function is called once per combination and not once per event. The evidence is the first row that carries
    several identifiers; a row with one identifier links nothing and needs none.
-#}
{% macro entity_sightings(entry) -%}
    {%- set group_columns = entry.columns.values() | list -%}
    {%- set others = group_columns[1:] -%}
    {%- if 'social_handle' in entry.columns %}{% do group_columns.append('platform') %}{% endif -%}
    {%- if entry.country %}{% do group_columns.append(entry.country) %}{% endif -%}
    select
        '{{ entry.entity }}' as entity,
        '{{ entry.role or "subject" }}' as role,
        source,
        {%- for identifier_type in identifier_types() %}
        {{ '' if identifier_type in entry.columns else 'null::varchar as ' }}{{ identifier_type }}_key,
        {%- endfor %}
        {{ unusable_identifiers_of(entry.columns) }} as unusable_identifiers,
        first_seen_at,
        last_seen_at,
        evidence.record_key as record_key,
        load_seq,
        row_count
    from (
        select
            *,
            {%- for identifier_type, value in entry.columns.items() %}
            {{ identifier_key(identifier_type, value, country=entry.country or "''") }} as {{ identifier_type }}_key,
            {%- endfor %}
        from (
            select
                source,
                {{ group_columns | join(', ') }},
                min({{ entry.clock }}) as first_seen_at,
                max({{ entry.clock }}) as last_seen_at,
                {%- if others %}
                min({'seen_at': {{ entry.clock }}, 'record_key': record_key})
                    filter (where coalesce({{ others | join(', ') }}) is not null) as evidence,
                {%- else %}
                {'record_key': null::varchar} as evidence,
                {%- endif %}
                min(first_load_seq) as load_seq,
                count(*) as row_count,
            from {{ ref(entry.entity) }}
            {%- if entry.country_of %}
            left join (select source, contact_id, {{ entry.country }} from {{ ref(entry.country_of) }}) as known
                using (source, contact_id)
            {%- endif %}
            where coalesce({{ entry.clock }} < {{ as_of_end() }}, true)
            group by all
        )
    )
{%- endmacro %}
