{#- What of the log has to be compared with the customers of this run: everybody's present and logged customer. -#}

{#-
    Whether only what was resolved again can have changed, beside devices that belong to whoever logged in last. When the
    last resolution looked at an earlier day than the log's last one, it wrote no history, and everything is compared.
-#}
{% macro is_scope_enough() -%}
    {%- set log, resolutions = left_by_last_run('log'), left_by_last_run('resolutions') -%}
    {%- if log is none or resolutions is none or not is_resolved_before() -%}
        {{ return(false) }}
    {%- endif -%}
    {{ return(run_query(
        "select (select max_by(as_of, resolution_number) from " ~ resolutions ~ ") >= (select max(as_of) from " ~ log ~ ")"
    ).rows[0][0]) }}
{%- endmacro %}

{#- Devices that may have changed without being resolved again. -#}
{% macro is_device_beside_the_scope() -%}
    identifier_key in (select identifier_key from {{ ref('unclaimed_devices') }})
    and identifier_key not in ({{ open_identifiers() }})
{%- endmacro %}

{#- Customers as they are. -#}
{% macro present_customers(is_scope_enough) -%}
    select
        identifier_key,
        customer_id,
    from {{ ref('customer_identifiers_map') }}
    {%- if is_scope_enough %}
    where {{ is_device_beside_the_scope() }}
    union all
    select
        identifier_key,
        customer_id,
    from ({{ identifiers_resolved_again() }})
    {%- endif %}
{%- endmacro %}

{#- Customers as the log has them. For what is resolved again the last resolution left the same behind, and fewer to read. -#}
{% macro logged_customers(is_scope_enough) -%}
    {%- if not is_logged_before() -%}
    select null::varchar as identifier_key, null::varchar as customer_id where false
    {%- else -%}
    {%- if is_scope_enough -%}
    select
        identifier_key,
        former_customer_id as customer_id,
    from {{ ref('resolution_scope') }}
    where is_open
        and former_customer_id is not null
    union all
    {% endif -%}
    select
        identifier_key,
        max_by({'customer_id': customer_id}, change_number).customer_id as customer_id,
    from {{ left_by_last_run('log', is_chronicle=true) }}
    {%- if is_scope_enough %}
    where {{ is_device_beside_the_scope() }}
    {%- endif %}
    group by identifier_key
    having max_by(change, change_number) <> 'removed'
    {%- endif %}
{%- endmacro %}
