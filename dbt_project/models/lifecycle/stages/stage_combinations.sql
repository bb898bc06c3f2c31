select
    combination_number,
    {%- for model in var('lifecycle_models') %}
    {{ model }}_stage,
    {%- endfor %}
from {{ ref('stage_timeline') }}
group by all
