{#-
    The run's parameters: the one clock, the business time zone and the reporting currency.

    They are read from `ops.run_context` when a model is executed and put into its SQL as literals, so that a new day
    does not make dbt parse the project again. Models never read a clock. Unit tests override these macros.
-#}
{% macro run_context(field) -%}
    {%- if execute and flags.WHICH not in ('parse', 'list', 'ls', 'docs') -%}
        {%- set result = run_query("select " ~ field ~ "::varchar from ops.run_context") -%}
        {%- if result.rows | length != 1 -%}
            {{ exceptions.raise_compiler_error(
                "ops.run_context holds " ~ result.rows | length ~ " rows instead of one: start the build with `lifecycle run`"
            ) }}
        {%- endif -%}
        {{- result.rows[0][0] -}}
    {%- else -%}
        {{- 'at_execution' -}}
    {%- endif -%}
{%- endmacro %}

{#- The date the run looks at the world from, in the business time zone; data up to its end counts. -#}
{% macro as_of() -%} date '{{ run_context("as_of") }}' {%- endmacro %}

{#- The first instant (UTC) after the as_of date: a row counts when its time is smaller. -#}
{% macro as_of_end() -%} timestamp '{{ run_context("as_of_end") }}' {%- endmacro %}

{% macro business_timezone() -%} '{{ run_context("timezone") }}' {%- endmacro %}

{% macro reporting_currency() -%} '{{ run_context("reporting_currency") }}' {%- endmacro %}

{% macro default_country() -%} '{{ run_context("default_country") }}' {%- endmacro %}

{#- The day in the business time zone on which a UTC timestamp falls. -#}
{% macro business_date(utc_timestamp) -%}
    (({{ utc_timestamp }}) at time zone 'UTC' at time zone {{ business_timezone() }})::date
{%- endmacro %}

{#- The first day of the month, in the business time zone, in which a UTC timestamp falls. -#}
{% macro business_month(utc_timestamp) -%}
    date_trunc('month', {{ business_date(utc_timestamp) }})::date
{%- endmacro %}
