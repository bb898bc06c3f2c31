{#-
    The one occasion to contact a person that comes first, in the order of the list; null when none applies. It says
    what would be due, not whether the person may be contacted: that is what the contactability columns say.
-#}
{% macro next_best_trigger() -%}
    case
        when value.has_uncancelled_contract
            and value.contract_ends_on < {{ as_of() }} + interval '30' day then 'contract_ending'
        when stages.three_r_stage = 'trial'
            and value.trial_ends_at < {{ as_of_end() }} + interval '3' day then 'trial_ending'
        when stages.relationship_stage = 'closing'
            and stages.relationship_entered_at >= {{ as_of_end() }} - interval '7' day then 'abandoned_cart'
        when stages.three_r_stage = 'lost' then 'win_back'
        when stages.relationship_rule = 'overdue' then 'overdue'
        when value.order_count >= 1
            and value.last_order_at >= {{ as_of_end() }} - interval '21' day
            and value.last_order_at < {{ as_of_end() }} - interval '7' day then 'review_request'
        when stages.three_r_stage = 'first_time_buyer'
            and value.last_order_at < {{ as_of_end() }} - interval '21' day then 'second_purchase'
        when persons.birth_on is not null and {{ is_birthday_within('persons.birth_on', 7) }} then 'birthday'
        when stages.three_r_stage = 'lead'
            and stages.three_r_entered_at >= {{ as_of_end() }} - interval '7' day then 'welcome'
    end
{%- endmacro %}

{#- Whether a birthday falls within the `days` days after as_of; 29 February counts on the 28th in other years. -#}
{% macro is_birthday_within(birth_on, days) -%}
    (
        {{ birth_on }} + interval '1' year * (
            year({{ as_of() }} + interval '{{ days }}' day) - year({{ birth_on }})
        )
    )::date between {{ as_of() }} + interval '1' day and {{ as_of() }} + interval '{{ days }}' day
{%- endmacro %}
