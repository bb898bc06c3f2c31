{#- The key names every row exactly once: no part of it is null and no two rows share it. One column, or `columns`. -#}
{% test primary_key(model, columns=none, column_name=none) %}
{%- set parts = columns or [column_name] %}
select
    {{ parts | join(', ') }},
    count(*) as row_count
from {{ model }}
group by {{ parts | join(', ') }}
having count(*) > 1 or {% for part in parts %}{{ part }} is null{{ ' or ' if not loop.last }}{% endfor %}
{% endtest %}
