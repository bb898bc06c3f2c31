with

contract_spells as (

    select * from {{ ref('contract_spells') }}

),

windows as (

    select
        'validation' as purpose,
        {{ start_of_business_date('(validated_until + 1)') }} as observed_end_at,
    from {{ ref('prediction_terms') }}
    union all
    select
        'forecast',
        {{ as_of_end() }},
    from {{ ref('prediction_terms') }}

),

observed as (

    select
        windows.purpose,
        contract_spells.*,
        contract_spells.ends_at < windows.observed_end_at as is_ended,
        least(contract_spells.ends_at, windows.observed_end_at) as observed_until_at,
    from contract_spells
    join windows on windows.observed_end_at > contract_spells.started_at

),

counted as (

    select
        *,
        {{ full_months_between('started_at', 'observed_until_at') }} as full_months,
    from observed

)

-- A contract that ended in the middle of its third month ended in month 3; one that runs has lasted two.
select
    purpose,
    customer_id,
    spell_number,
    case
        when is_ended
            then greatest(
                1, full_months + (started_at + interval '1' month * full_months < observed_until_at)::integer
            )
        else full_months
    end::integer as months,
    is_ended,
    not is_ended and ends_at >= {{ as_of_end() }} as has_stayed,
from counted
