{#-
    Which identifiers of a row are delivered and name nobody, and why: `<type>:<reason>` separated by blanks, null when
    all can be used. Reads the keys of the statement it stands in. The seed of blocked values is asked about the few
    values without a key alone.
-#}
{% macro unusable_identifiers_of(columns) -%}
    nullif(concat_ws(' '
        {%- for identifier_type, value in columns.items() %}
        , case
            when {{ identifier_type }}_key is not null or coalesce({{ value }}, '') = '' then null
            when {{ is_blocked(identifier_type, value) }} then '{{ identifier_type }}:blocked'
            else '{{ identifier_type }}:malformed'
        end
        {%- endfor %}
    ), '')
{%- endmacro %}
