{#-
    What web analytics deliver, in the words of the contract. Used by the staging models of every such vendor, so that
    one action has one name wherever it was measured.
-#}

{#- The contract's word for the name a vendor or a site gives to an event; `custom` when there is none. -#}
{% macro web_event(name) -%}
    case trim(lower(regexp_replace({{ name }}, '[^A-Za-z0-9]+', '_', 'g')), '_')
        {%- for word in [
            'page_view', 'product_view', 'compare', 'search', 'help_view', 'review_view', 'pricing_view',
            'add_to_cart', 'checkout_started', 'form_submit', 'newsletter_signup', 'trial_started', 'login', 'identify',
        ] %}
        when '{{ word }}' then '{{ word }}'
        {%- endfor %}
        {%- for name, word in {
            'screen_view': 'page_view',
            'view_item': 'product_view',
            'product_viewed': 'product_view',
            'view_search_results': 'search',
            'products_searched': 'search',
            'product_added': 'add_to_cart',
            'begin_checkout': 'checkout_started',
            'generate_lead': 'form_submit',
            'form_submitted': 'form_submit',
            'submit_form': 'form_submit',
            'signed_in': 'login',
        }.items() %}
        when '{{ name }}' then '{{ word }}'
        {%- endfor %}
        else 'custom'
    end
{%- endmacro %}

{#- A user id that is an e-mail address is told as one, every other as the company's own identifier. -#}
{% macro email_of_user_id(user_id) -%}
    case when contains({{ user_id }}, '@') then lower(trim({{ user_id }})) end
{%- endmacro %}

{% macro own_user_id(user_id) -%}
    case when not contains({{ user_id }}, '@') then {{ user_id }} end
{%- endmacro %}
