{#-
    Vendors whose files are replaced as a whole: an event that a newer delivery of its day or file lacks is withdrawn.
    Staging no longer has it; a table that is kept from build to build has to let it go.
-#}
{% macro replacing_sources() -%}
    {{ return(['ga4', 'segment', 'snowplow']) }}
{%- endmacro %}

{#-
    Before an incremental build of the web events: remove stored events that staging no longer has. Only those of loads
    of which something was replaced since the last build are looked up; without any, nothing is read of staging.
-#}
{% macro remove_withdrawn_events() -%}
    {%- set replaced_loads, sources = ref('stg_exports__replaced_loads'), [] -%}
    {%- for source in replacing_sources() if source in var('connectors') %}{% do sources.append(source) %}{% endfor -%}
    {%- if is_incremental() and sources -%}
    delete from {{ this }}
    where record_key in (
        with candidates as (
            select record_key
            from {{ this }}
            where (source, load_seq) in (
                select (source, load_seq) from {{ replaced_loads }}
                where replaced_by > {{ watermark(this) }}
            )
        ),
        current_events as (
            {%- for source in sources %}
            select record_key from {{ ref('stg_' ~ source ~ '__web_events') }}
            where record_key in (select record_key from candidates)
            {%- if not loop.last %} union all {% endif %}
            {%- endfor %}
        )
        select record_key from candidates anti join current_events using (record_key)
    )
    {%- else -%}
    select 1
    {%- endif -%}
{%- endmacro %}
