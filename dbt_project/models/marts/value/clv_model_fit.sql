with

model_fits as (

    select * from {{ ref('model_fits') }}

),

terms as (

    select * from {{ ref('prediction_terms') }}

)

select
    model_fits.model,
    model_fits.purpose,
    model_fits.parameters,
    model_fits.log_likelihood,
    model_fits.customer_count::integer as customer_count,
    case model_fits.purpose when 'validation' then terms.validated_until else terms.as_of end as calibration_end,
    case model_fits.purpose when 'validation' then terms.holdout_days end::integer as holdout_days,
    model_fits.holdout_error,
    model_fits.naive_holdout_error,
    model_fits.holdout_expected,
    model_fits.holdout_actual,
    model_fits.frequency_value_correlation,
    model_fits.is_used,
    model_fits.reason,
    terms.as_of,
from model_fits
cross join terms
