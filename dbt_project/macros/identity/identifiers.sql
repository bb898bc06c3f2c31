{#-
    How an identifier is written as a key: `<type>:<normalised value>`, null when the value cannot name a person.
    The rules for e-mail and phone that need more than SQL (internationalised domains, phone formats of all
    countries) are the functions of `ingestion/identifiers`, registered in the connection by `profiles.yml`.
-#}

{#- Identifier types, most trusted first. -#}
{% macro identifier_types() -%}
    {{ return(['contact_id', 'user_id', 'loyalty_id', 'email', 'phone', 'social_handle', 'anonymous_id']) }}
{%- endmacro %}

{#- What the seed blocks of one identifier type: lists of values by kind of match. -#}
{% macro blocked_values(identifier_type) -%}
    {%- set seed = ref('blocked_identifier_values') -%}
    {%- set values = {'exact': [], 'regex': [], 'longer_than': []} -%}
    {%- if execute -%}
        {%- for row in run_query(
            "select match, value from " ~ seed
            ~ " where identifier_type in ('any', '" ~ identifier_type ~ "') order by value"
        ).rows -%}
            {%- do values[row[0]].append(row[1] | string | replace("'", "''")) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(values) }}
{%- endmacro %}

{#-
    Whether a value is on the list of values that never name a person (seed `blocked_identifier_values`). The list is
    put in as literals: one hash look-up and one compiled pattern per value, however long the list is.
-#}
{% macro is_blocked(identifier_type, value) -%}
    {%- set blocked = blocked_values(identifier_type) -%}
    (
        lower({{ value }}) in ('', '{{ blocked.exact | join("', '") }}')
        or regexp_matches(lower({{ value }}), '^(?:{{ blocked.regex | join("|") }})$')
        {%- for limit in blocked.longer_than %}
        or length({{ value }}) > {{ limit }}
        {%- endfor %}
    )
{%- endmacro %}

{#-
    Key of an identifier of the given type, from the staged column `value`. `country` is the country of the row, for
    phone numbers written without one.
-#}
{% macro identifier_key(identifier_type, value=none, country="''") -%}
    {%- set value = value or {'social_handle': 'handle'}.get(identifier_type, identifier_type) -%}
    case when not {{ is_blocked(identifier_type, value) }} then '{{ identifier_type }}:' ||
    {%- if identifier_type == 'contact_id' %} source || ':' || {{ value }}
    {%- elif identifier_type in ['user_id', 'anonymous_id'] %} {{ value }}
    {%- elif identifier_type == 'loyalty_id' %} upper({{ value }})
    {%- elif identifier_type == 'email' %} {{ normalised_email(value) }}
    {%- elif identifier_type == 'phone' %} normalise_phone({{ value }}, {{ country }}, {{ default_country() }})
    {%- elif identifier_type == 'social_handle' %} lower(platform) || '/' || lower(ltrim({{ value }}, '@'))
    {%- else -%}
        {{ exceptions.raise_compiler_error(
            "no identifier type '" ~ identifier_type ~ "'; choose from " ~ identifier_types() | join(', ')
        ) }}
    {%- endif %} end
{%- endmacro %}

{#-
    An address as its mailbox: lower case, dots removed where the provider ignores them, plus tags kept, an
    internationalised domain in its ASCII form. Null when it is no address.
-#}
{% macro normalised_email(column) -%}
    case
        when not regexp_matches({{ column }}, '^[\x21-\x7E]+$') then normalise_email({{ column }})
        when not regexp_matches({{ column }}, '^[^@ ]+@[^@ .]+(\.[^@ .]+)+$') then null
        when regexp_matches({{ column }}, '@(gmail|googlemail)\.com$')
            then nullif(replace(split_part({{ column }}, '@', 1), '.', ''), '') || '@' || split_part({{ column }}, '@', 2)
        else {{ column }}
    end
{%- endmacro %}

{#- The normalised value of an identifier, from its key and type. -#}
{% macro identifier_value(relation='') -%}
    substring({{ relation }}identifier_key, length({{ relation }}identifier_type) + 2)
{%- endmacro %}

{#- The most trusted usable identifier of a row among the given types. -#}
{% macro best_identifier_key(identifier_types, country="''") -%}
    coalesce(
        {%- for identifier_type in identifier_types %}
        {{ identifier_key(identifier_type, country=country) }}{{ "," if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
