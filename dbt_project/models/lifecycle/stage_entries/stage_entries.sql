{%- for model in var('lifecycle_models') %}
select
    customer_id,
    '{{ model }}' as model,
    stage,
    entered_at,
    rule,
    touchpoint_id,
from {{ ref(model ~ '_entries') }}
where entered_at < {{ as_of_end() }}
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
