{#-
    The id of a customer: a hash of the key of its oldest identifier. Nothing has to be remembered for it, so a full
    refresh, a second run, an incremental run and a look at the past give the same ids, and a merge keeps the oldest's.
-#}
{% macro customer_id(founding_identifier_key) -%}
    'c_' || left(md5({{ founding_identifier_key }}), 20)
{%- endmacro %}
