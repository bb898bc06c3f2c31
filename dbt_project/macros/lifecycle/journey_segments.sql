{#-
    Journeys are counted for everybody and for each value of these dimensions of `customer_segments`: the grouping sets
    of one pass over the steps, and the two columns that name a segment in its result. Used by every journey figure.
-#}

{% macro journey_dimensions() -%} {{ return(['acquisition_channel', 'country', 'customer_type']) }} {%- endmacro %}

{#- Grouping sets of `columns`, alone and with each dimension. -#}
{% macro by_journey_segments(columns) -%}
    grouping sets (
        ({{ columns }})
        {%- for dimension in journey_dimensions() %}, ({{ columns }}, {{ dimension }}){% endfor -%}
    )
{%- endmacro %}

{#- The columns segment_dimension and segment of such a result; within a set only its own dimension is filled. -#}
{% macro journey_segment_columns() -%}
    case
        {%- for dimension in journey_dimensions() %}
        when {{ dimension }} is not null then '{{ dimension }}'
        {%- endfor %}
        else 'all'
    end as segment_dimension,
    coalesce({{ journey_dimensions() | join(', ') }}, 'all') as segment
{%- endmacro %}
