{#- What of the log has to be compared with the customers of this run. -#}

{#-
    Only what was resolved again can have changed, and devices that belong to whoever logged in last; but when the last
    resolution looked at an earlier day than the log's last one, it wrote no history, and everything is compared.
-#}
{% macro may_have_changed() -%}
    {%- set log, resolutions = left_by_last_run('log'), left_by_last_run('resolutions') -%}
    {%- if log is none or resolutions is none or not is_resolved_before() -%}
    true
    {%- else -%}
    (
        not {{ is_history_complete(log, resolutions) }}
        or identifier_key in (
            {{ open_identifiers() }}
            union all
            select identifier_key from {{ ref('unclaimed_devices') }}
        )
    )
    {%- endif -%}
{%- endmacro %}

{#- Whether the last resolution wrote history, as a literal: the optimizer then drops what is not needed. -#}
{% macro is_history_complete(log, resolutions) -%}
    {%- set answer = run_query(
        "select (select max_by(as_of, resolution_number) from " ~ resolutions ~ ") >= (select max(as_of) from " ~ log ~ ")"
    ) -%}
    {{ 'true' if answer.rows[0][0] else 'false' }}
{%- endmacro %}
