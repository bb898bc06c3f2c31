{%- for entity in delivered_entities() %}
select
    '{{ entity }}' as model,
    count(*) as record_count,
from {{ ref(entity) }}
where load_seq is null
having count(*) > 0
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
