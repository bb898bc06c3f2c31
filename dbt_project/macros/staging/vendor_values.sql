{#-
    Values as vendors deliver them, in the types of the contract. Their forms were checked when they were loaded, so
    the casts cannot fail.
-#}

{#- An instant written as text with an offset (without one: UTC), as naive UTC. -#}
{% macro utc(column) -%}
    cast(cast({{ column }} as timestamptz) as timestamp)
{%- endmacro %}

{#- An instant as seconds since 1970, as naive UTC. -#}
{% macro utc_of_seconds(column) -%}
    cast(to_timestamp({{ column }}) as timestamp)
{%- endmacro %}
