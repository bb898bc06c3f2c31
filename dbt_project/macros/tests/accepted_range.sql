{#- No value is below `at_least`, above `at_most` or, with `below`, equal to or above it. Nulls are not judged. -#}
{% test accepted_range(model, column_name, at_least=none, at_most=none, below=none) %}
{%- if at_least is none and at_most is none and below is none -%}
    {{ exceptions.raise_compiler_error("accepted_range on " ~ model ~ " needs at_least, at_most or below") }}
{%- endif -%}
select {{ column_name }}
from {{ model }}
where false
    {% if at_least is not none %}or {{ column_name }} < {{ at_least }}{% endif %}
    {% if at_most is not none %}or {{ column_name }} > {{ at_most }}{% endif %}
    {% if below is not none %}or {{ column_name }} >= {{ below }}{% endif %}
{% endtest %}
