"""Gate 3, the mart of answers to satisfaction questions."""

from __future__ import annotations

from quality.checks import Severity
from quality.suites.mart import Mart, subject_of

_satisfaction = subject_of("kpi_satisfaction")

SATISFACTION = Mart(
    "kpi_satisfaction",
    key=("period_start", "survey_type", "touchpoint", "segment"),
    columns=("score", "ci_low", "ci_high", "mean_score", "is_complete"),
    sizes=("response_count",),
    counts=("promoter_count", "passive_count", "detractor_count", "satisfied_count"),
    statements=(
        *_satisfaction.filled("score", "is_complete"),
        _satisfaction.one_of("survey_type", ("nps", "csat", "ces")),
        _satisfaction.none(
            "scores_lie_on_their_scales",
            "NPS lies between -100 and 100, CSAT between 0 and 1, CES between 1 and 7, and so do their intervals.",
            """select 1 from marts.kpi_satisfaction
            where least(score, ci_low) < case survey_type when 'nps' then -100 when 'csat' then 0 else 1 end - 1e-9
                or greatest(score, ci_high)
                    > case survey_type when 'nps' then 100 when 'csat' then 1 else 7 end + 1e-9""",
        ),
        _satisfaction.none(
            "answers_lie_on_their_questions_scale",
            "Every answer lies on the scale of its question (NPS: 0 to 10); others are missing from all scores.",
            """select record_key from conformed.crm_survey_responses where responded_at::date < :as_of
            except select record_key from lifecycle.satisfaction_answers""",
            reads=("conformed.crm_survey_responses", "lifecycle.satisfaction_answers"),
            severity=Severity.WARN,
        ),
        _satisfaction.none(
            "intervals_hold_their_scores",
            "Every score lies in its interval.",
            "select 1 from marts.kpi_satisfaction where score < ci_low - 1e-9 or score > ci_high + 1e-9",
        ),
        _satisfaction.none(
            "promoters_passives_and_detractors_are_all_answers",
            "Promoters + passives + detractors = answers to the NPS question.",
            """select 1 from marts.kpi_satisfaction
            where survey_type = 'nps'
                and response_count is distinct from promoter_count + passive_count + detractor_count""",
        ),
        _satisfaction.none(
            "segments_add_up_to_everybody",
            "The answers of the segments of a dimension add up to all answers.",
            """select 1 from marts.kpi_satisfaction as total
            join (
                select period_start, survey_type, touchpoint, split_part(segment, ':', 1) as dimension,
                    sum(response_count) as response_count
                from marts.kpi_satisfaction where segment <> 'all' group by all
            ) as parts using (period_start, survey_type, touchpoint)
            where total.segment = 'all' and total.response_count <> parts.response_count""",
        ),
        _satisfaction.none(
            "agrees_with_the_summary",
            "The score of all answers of a month is the one of kpi_summary.",
            """select 1 from marts.kpi_satisfaction as detail
            left join marts.kpi_summary as summary
                on summary.kpi = detail.survey_type and summary.period_start = detail.period_start
                and summary.segment = 'all'
            where detail.segment = 'all' and detail.touchpoint = 'all'
                and (summary.value is null or abs(summary.value - detail.score) > 1e-6)""",
            reads=("marts.kpi_summary",),
        ),
    ),
)

MARTS = (SATISFACTION,)
