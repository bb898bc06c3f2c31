{#- The mark of a resolution that goes on, and what the next one does when it finds one. -#}

{#-
    Before anything is resolved: what is left of a resolution that cannot be started from, because a table is missing, an
    earlier version wrote it, or a build died in the middle, is dropped, so that for all models of a run there is one answer to the question above.
    A model's own statement is written before its hooks run: this one belongs to a model that does not ask.
-#}
{% macro forget_incomplete_resolution() -%}
    {%- set needed = {
        'resolved_inputs': 'identifier_hashes', 'customers': 'evidence_group', 'edges': 'resolution_number',
        'resolved_identifiers': 'resolution_number'
    } -%}
    {%- set outdated = [] -%}
    {%- if left_by_last_run('resolution_in_progress') is not none %}{% do outdated.append('all') %}{% endif -%}
    {%- for name, column in needed.items() if left_by_last_run(name) is not none -%}
        {%- if column not in adapter.get_columns_in_relation(left_by_last_run(name)) | map(attribute='name') -%}
            {%- do outdated.append(name) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if outdated or not is_resolved_before() -%}
        {%- for name in ['resolved_inputs', 'resolved_identifiers', 'customers', 'edges'] if left_by_last_run(name) is not none -%}
            {%- do adapter.drop_relation(left_by_last_run(name)) -%}
        {%- endfor -%}
    {%- endif -%}
    create table if not exists {{ this.schema }}.resolution_in_progress as select true as is_in_progress
{%- endmacro %}

{#- After all is resolved, stored and logged. -#}
{% macro finish_resolution() -%}
    drop table if exists {{ this.schema }}.resolution_in_progress
{%- endmacro %}
