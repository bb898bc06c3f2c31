{#- A number of Brevo's attribute SMS: it begins with the country's code, mostly without `+` or `00` before it. -#}
{% macro brevo_phone(number) -%}
    case
        when {{ number }} = '' then null
        when starts_with({{ number }}, '+') or starts_with({{ number }}, '00') then {{ number }}
        else '+' || {{ number }}
    end
{%- endmacro %}
