{#- What this run looks at again: identifiers, the sightings that name them, and what was written for them. -#}

{#- Identifiers that are resolved again. -#}
{% macro open_identifiers() -%}
    select identifier_key from {{ ref('resolution_scope') }} where is_open
{%- endmacro %}

{#- Condition that a row names, in one of the columns, an identifier that is looked at again: at first that is all. -#}
{% macro is_looked_at(columns) -%}
    {%- if is_resolved_before() -%}
    (
        {%- for column in columns %}
        {{ "or " if not loop.first }}{{ column }} in (select identifier_key from {{ ref('resolution_scope') }})
        {%- endfor %}
    )
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

{#- The sightings that name such an identifier. Whoever reads them depends on both models. -#}
{% macro sightings_looked_at() -%}
    {{ ref('scoped_sightings') if is_resolved_before() else ref('sightings') }}
{%- endmacro %}

{#-
    Number of the resolution that is going on, for the rows it writes. Of a table that grows from run to run the last one's
    rows lie together, so that they are found without reading the others.
-#}
{% macro this_resolution() -%}
    {%- set resolutions = left_by_last_run('resolutions', is_chronicle=true) -%}
    {%- if resolutions is none -%}
    1::bigint
    {%- else -%}
    (select coalesce(max(resolution_number), 0) + 1 from {{ resolutions }})::bigint
    {%- endif -%}
{%- endmacro %}

{#-
    Condition that a row of a table was written last: all of what was looked at again and, when this run found nothing to
    look at, what an earlier one did. Whoever asks looks for identifiers of this run among them.
-#}
{% macro is_written_last(table) -%}
    {{ 'resolution_number = (select max(resolution_number) from ' ~ table ~ ')' if is_resolved_before() else 'true' }}
{%- endmacro %}

{#- Evidence groups of which some identifier was only seen again, or is a device of whoever logged in last. -#}
{% macro groups_partly_looked_at() -%}
    select evidence_group from {{ ref('resolution_scope') }} where not is_open and evidence_group is not null
    union all
    select evidence_group from {{ ref('resolved_identifiers') }}
    where identifier_key in (select identifier_key from {{ ref('unclaimed_devices') }})
{%- endmacro %}

{#- What `customer_identifiers_map` tells of the identifiers that were resolved again; further conditions may follow. -#}
{% macro identifiers_resolved_again() -%}
    select
        resolved.* exclude (customer_id, is_eldest, resolution_number),
        coalesce(devices.customer_id, resolved.customer_id) as customer_id,
        {{ identifier_value('resolved.') }} as identifier_value,
    from {{ ref('resolved_identifiers') }} as resolved
    left join {{ ref('unclaimed_devices') }} as devices using (identifier_key)
    where {{ is_written_last(ref('resolved_identifiers')) }}
        and identifier_key in ({{ open_identifiers() }})
{%- endmacro %}
