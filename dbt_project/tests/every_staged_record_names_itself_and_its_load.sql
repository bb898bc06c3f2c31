-- One test of all staging models: before conformed tables keep what could never be replaced. Each test costs a run time.
{%- for entity in delivered_entities() %}
{%- set is_last = loop.last %}
{%- for relation in staged(entity) %}
select
    '{{ relation.identifier }}' as model,
    count(*) as record_count,
from {{ relation }}
where record_key is null or load_seq is null
having count(*) > 0
{%- if not (is_last and loop.last) %}
union all
{%- endif %}
{%- endfor %}
{%- endfor %}
