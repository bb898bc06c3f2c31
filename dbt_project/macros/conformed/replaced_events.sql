{#-
    Vendors whose files are replaced as a whole, and what that means for a table that is kept from build to build. An
    event that a newer delivery of its day or file lacks is withdrawn, if no other file has it: staging no longer has it,
    and the table has to let it go. If another file has it, that file tells what it is. It is as old as the first load
    that ever brought it, in a file that was replaced or not: a completed day must not make its events younger.
-#}

{#- Those that deliver an entity. -#}
{% macro replacing_sources(entity) -%}
    {%- set sources = {
        'web_events': ['ga4', 'segment', 'snowplow'],
        'email_events': ['sendgrid'],
        'crm_consents': ['sendgrid'],
    }.get(entity, []) -%}
    {{ return(sources | select('in', var('connectors')) | list) }}
{%- endmacro %}

{#- Loads of which a day or a file was replaced since `relation` was last built. -#}
{% macro replaced_loads(relation) -%}
    select (source, load_seq) from {{ ref('replaced_loads') }} where replaced_by > {{ watermark(relation) }}
{%- endmacro %}

{#- Stored events of these loads. Without any, nothing is read of staging. -#}
{% macro touched_events() -%}
    select
        record_key,
        load_seq,
    from {{ this }}
    where (source, load_seq) in ({{ replaced_loads(this) }})
{%- endmacro %}

{#- What staging has of them now. -#}
{% macro present_events(entity) -%}
    {%- for source in replacing_sources(entity) %}
    select
        record_key,
        max(load_seq) as load_seq,
        min(load_seq) as oldest_load_seq,
    from {{ ref('stg_' ~ source ~ '__' ~ entity) }}
    where record_key in (select record_key from ({{ touched_events() }}))
    group by record_key
    {%- if not loop.last %} union all {% endif %}
    {%- endfor %}
{%- endmacro %}

{#- Before an incremental build of an entity: remove stored events that staging no longer has. -#}
{% macro remove_withdrawn_events(entity) -%}
    {%- if is_incremental() and replacing_sources(entity) -%}
    delete from {{ this }}
    where record_key in (
        select record_key from ({{ touched_events() }})
        anti join ({{ present_events(entity) }}) using (record_key)
    )
    {%- else -%}
    select 1
    {%- endif -%}
{%- endmacro %}

{#-
    Whether all deliveries have to be processed again, as a literal: an event was in several files, the one that told of
    it was replaced, and an older one, or one of the same load, tells of it now.
-#}
{% macro is_reprocessed(entity) -%}
    {%- if execute and is_incremental() and replacing_sources(entity) -%}
        {{- run_query("select " ~ is_told_by_another_file(entity)).rows[0][0] -}}
    {%- else -%}
        {{- false -}}
    {%- endif -%}
{%- endmacro %}

{% macro is_told_by_another_file(entity) -%}
    exists (
        select 1
        from ({{ touched_events() }}) as touched
        inner join ({{ present_events(entity) }}) as present using (record_key)
        where present.oldest_load_seq <= {{ watermark(this) }}
            and (
                present.load_seq <> touched.load_seq
                or (record_key, touched.load_seq) in (
                    select (record_key, load_seq) from {{ ref('superseded_events') }}
                    where record_key in (select record_key from ({{ touched_events() }}))
                )
            )
    )
{%- endmacro %}
