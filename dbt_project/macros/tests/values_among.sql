{#- Every value of the column stands in `field` of `to`; nulls are not judged. Faster than `relationships` on millions. -#}
{% test values_among(model, column_name, to, field) %}
select child.{{ column_name }}
from {{ model }} as child
anti join {{ to }} as parent on parent.{{ field }} = child.{{ column_name }}
where child.{{ column_name }} is not null
{% endtest %}
