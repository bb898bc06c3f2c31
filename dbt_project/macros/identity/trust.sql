{#- How far an identifier is trusted to name one person, by its type. -#}

{#- Rank of an identifier type by trust, 1 is the most trusted. -#}
{% macro identifier_trust(type_column) -%}
    list_position({{ identifier_types() }}, {{ type_column }})
{%- endmacro %}

{#- Types of which a person has one per source, because the source itself keeps people apart by them. -#}
{% macro strong_identifier_types() -%}
    {{ return(['contact_id', 'user_id', 'loyalty_id']) }}
{%- endmacro %}

{#- `'contact_id', 'user_id', …` for an `in` list. -#}
{% macro strong_identifier_list() -%}
    '{{ strong_identifier_types() | join("', '") }}'
{%- endmacro %}

{#-
    How far a link can be trusted, by the rank of its less trusted end: 1 between strong identifiers, then e-mail, phone,
    social handle, device in the order of `identifier_types`. 0 is kept for the decision of a person (override).
-#}
{% macro link_trust(rank) -%}
    case when {{ rank }} > {{ strong_identifier_types() | length }} then {{ rank }} else 1 end
{%- endmacro %}

{#-
    A probable match of two contacts is trusted like a social handle: less than anything a source has seen together,
    and never enough to join two identifiers of which a person has only one.
-#}
{% macro proposal_trust() -%}
    {{ identifier_trust("'social_handle'") }}
{%- endmacro %}
