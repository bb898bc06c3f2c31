{#- A table, replaced as a whole within one transaction: readers and a killed run see the old one or the new one.
    The adapter's own way builds beside the old table, renames twice and asks the catalog about foreign keys and
    indexes at each of them; no table here has any, and in a run of some 250 tables that is seconds.
    A model in Python writes through a connection of its own and so cannot share the transaction: it writes a table
    beside, which then takes the old one's place. -#}
{% materialization table, adapter="duckdb", supported_languages=["sql", "python"] %}
    {%- set target = this.incorporate(type="table") -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set beside = make_intermediate_relation(target) -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if model["language"] == "python" -%}
        {%- do drop_relation_if_exists(load_cached_relation(beside)) -%}
        {%- call statement("main", language="python") -%}
            {{ create_table_as(False, beside, compiled_code, "python") }}
        {%- endcall -%}
        {%- do drop_relation_if_exists(existing) -%}
        {%- do adapter.rename_relation(beside, target) -%}
    {%- else -%}
        {%- call statement("main") -%}
            {{ replace_table(existing, target, compiled_code, contracted=config.get("contract").enforced) }}
        {%- endcall -%}
    {%- endif -%}
    {%- do persist_docs(target, model) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({"relations": [target]}) }}
{% endmaterialization %}

{#- The statements that put a query's result in the place of a table or view. -#}
{% macro replace_table(existing, target, query, contracted) -%}
    {%- if existing is not none -%}
        drop {{ existing.type }} if exists {{ existing }};
    {%- endif %}
    {%- if contracted %}
        {{ get_assert_columns_equivalent(query) }}
        create table {{ target }} {{ get_table_columns_and_constraints() }};
        insert into {{ target }} {{ get_column_names() }} ({{ get_select_subquery(query) }});
    {%- else %}
        {{ create_filled_table(target, query) }}
    {%- endif -%}
{%- endmacro %}

{#- Comments on all columns at once. What has comments has a contract, so its columns need not be asked for. -#}
{% macro duckdb__alter_column_comment(relation, column_dict) -%}
    {%- for name, column in column_dict.items() if column["description"] %}
    comment on column {{ relation }}.{{ name }} is {{ duckdb_escape_comment(column["description"]) }};
    {%- endfor %}
{%- endmacro %}
