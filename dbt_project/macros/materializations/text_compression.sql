{#- Tables of many different texts say `meta={'text_compression': 'zstd'}`: DuckDB on its own tries a dictionary first, which
    for texts that are all different costs up to as much as making them. -#}

{#- The table to create of a query: as it is, or with the compression the model asks for on every column of texts. -#}
{% macro create_filled_table(relation, query) -%}
    {%- set compression = config.get("meta", {}).get("text_compression") -%}
    {%- if compression and execute -%}
        {%- set columns = [] -%}
        {%- for row in run_query("describe " ~ query).rows -%}
            {%- set texts = " using compression " ~ compression if row[1] == "VARCHAR" else "" -%}
            {%- do columns.append(adapter.quote(row[0]) ~ " " ~ row[1] ~ texts) -%}
        {%- endfor -%}
        create table {{ relation }} ({{ columns | join(", ") }});
        insert into {{ relation }} {{ query }};
    {%- else -%}
        create table {{ relation }} as ({{ query }});
    {%- endif -%}
{%- endmacro %}

{#- What the adapter's incremental materialization creates, by the same rule. -#}
{% macro duckdb__create_table_as(
    temporary, relation, compiled_code, language="sql", partitioned_by=none, sorted_by=none
) -%}
    {%- if language == "sql" and not temporary and config.get("meta", {}).get("text_compression") -%}
        {{ create_filled_table(relation, compiled_code) }}
    {%- else -%}
        {{ dbt.duckdb__create_table_as(temporary, relation, compiled_code, language, partitioned_by, sorted_by) }}
    {%- endif -%}
{%- endmacro %}
