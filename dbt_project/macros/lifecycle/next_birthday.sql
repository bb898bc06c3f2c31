{#- The first birthday on or after as_of; 29 February counts on the 28th in years without one. -#}
{% macro next_birthday(birth_on) -%}
    (
        {{ birth_on }} + interval '1' year * (
            year({{ as_of() }}) - year({{ birth_on }})
            + case
                when ({{ birth_on }} + interval '1' year * (year({{ as_of() }}) - year({{ birth_on }})))::date < {{ as_of() }} then 1
                else 0
            end
        )
    )::date
{%- endmacro %}
