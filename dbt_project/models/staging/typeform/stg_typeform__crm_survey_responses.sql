with

forms as (

    select * from {{ source('raw_typeform', 'forms') }}

),

responses as (

    select * from {{ source('raw_typeform', 'responses') }}

),

-- The questions of a form; those of a group lie one step deeper.
questions as (

    select
        id as form_id,
        _load_seq,
        _row_number,
        unnest(list_concat(fields -> '$[*]', fields -> '$[*].properties.fields[*]')) as question,
    from forms

),

scales as (

    select
        form_id,
        _load_seq,
        question ->> 'id' as question_id,
        arg_max(cast(question ->> '$.properties.steps' as integer), _row_number) as steps,
        arg_max(if(question ->> '$.properties.start_at_one' = 'true', 1, 0), _row_number) as first_step,
    from questions
    group by all

),

answers as (

    select
        responses.* exclude (answers),
        answer,
        place,
        answer ->> '$.field.id' as question_id,
        answer ->> '$.field.type' as question_type,
        lower(answer ->> '$.field.ref') as ref,
        {{ typeform_survey_type("answer ->> '$.field.type'", "answer ->> '$.field.ref'") }} as survey_type,
    from responses
    cross join unnest(responses.answers -> '$[*]') with ordinality as given (answer, place)

),

-- What is written after a score and before the next one is the comment on it.
numbered as (

    select
        *,
        count(survey_type) over (partition by form_id, response_id, _load_seq, _row_number order by place) as score_number,
        min(answer ->> 'email') filter (where regexp_matches(ref, '^email([_-]|$)'))
            over (partition by form_id, response_id, _load_seq, _row_number) as answered_email,
    from answers

),

scored as (

    select
        *,
        arg_min(answer ->> 'text', place) filter (where question_type = 'long_text')
            over (partition by form_id, response_id, _load_seq, _row_number, score_number) as comment,
    from numbered
    qualify survey_type is not null

)

select
    'typeform:' || scored.form_id || ':' || scored.response_id || ':' || scored.question_id as record_key,
    'typeform' as source,
    scored._load_seq as load_seq,
    scored._row_number as row_number,
    scored.form_id || ':' || scored.response_id || ':' || scored.question_id as response_id,
    scored.hidden_contact_id as contact_id,
    lower(coalesce(scored.hidden_email, scored.answered_email)) as email,
    scored.survey_type,
    cast(scored.answer ->> 'number' as double) as score,
    {{ typeform_scale_end('first') }} as scale_min,
    {{ typeform_scale_end('last') }} as scale_max,
    not coalesce(regexp_matches(scored.ref, '[_-]reversed$'), false) as higher_is_better,
    {{ utc('scored.submitted_at') }} as responded_at,
    coalesce(scored.hidden_touchpoint, {{ typeform_touchpoint('scored.ref') }}) as touchpoint,
    scored.comment
from scored
-- The scale the question had when the response was loaded.
asof left join scales
    on scales.form_id = scored.form_id
    and scales.question_id = scored.question_id
    and scales._load_seq <= scored._load_seq
