{#- A view, replaced in one statement. The adapter's own way renames the old one away and the new one in, and asks the
    catalog at each of them. -#}
{% materialization view, adapter="duckdb" %}
    {%- set target = this.incorporate(type="view") -%}
    {%- set existing = load_cached_relation(this) -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement("main") -%}
        {%- if existing is not none and existing.type != "view" %}
        drop {{ existing.type }} {{ existing }};
        {%- endif %}
        create or replace view {{ target }} as ({{ compiled_code }});
    {%- endcall -%}
    {%- do persist_docs(target, model) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({"relations": [target]}) }}
{% endmaterialization %}
