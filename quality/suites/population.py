"""Gate 2b, profile → marts: the people are those of yesterday, in about the same stages, with about the same gaps.

Nothing here can be read off a single profile: shares of stages and channels, blanks, and people who look like two. Each
is compared with earlier runs; that the profiles are right in themselves is stated in `profile.py`.
"""

from __future__ import annotations

from quality.checks import Band, Check, Severity
from quality.suites.profile import PROFILE, PROFILE_STAGE_COLUMNS, STAGES, STAYS, TOUCHPOINTS
from quality.suites.vocabulary import Subject

PEOPLE_WORTH_A_SHARE = 50
STAGE_SHARES = Band(floor=0.25, is_share=True)
CHANNEL_SHARES = Band(floor=0.25, is_share=True)
BLANK_SHARES = Band(floor=0.25, is_lower=False)
DOUBLE_SHARES = Band(floor=0.1, is_lower=False)
TOUCHPOINT_DAYS = 28

# Known people should have these; of others nothing but a device is known.
FILLED = ("full_name", "email", "phone", "city", "country", "acquisition_channel")

_REMEDY = (
    "Nothing is published; the last good generation stays. Compare what was delivered since the last run (page of gate "
    "1, `ops.loads`) and rules that have changed (dbt_project, seeds), correct it."
)


def checks() -> tuple[Check, ...]:
    """All checks of the population against earlier runs."""
    return (*_stages(), *_profiles(), *_channels())


def _stages() -> tuple[Check, ...]:
    stays = Subject(STAYS, _REMEDY)
    return tuple(
        stays.measured(
            f"stage_shares_are_usual__{model}",
            f"No stage of {model} holds suddenly a much larger or smaller share of the people.",
            _shares(
                f"""select stages.stage as category, count(stays.stage) as category_count
                from {STAGES} as stages
                left join {STAYS} as stays
                    on stays.model = stages.model and stays.stage = stages.stage and stays.is_current
                where stages.model = '{model}' group by 1"""
            ),
            STAGE_SHARES,
            reads=(STAGES,),
        )
        for model in PROFILE_STAGE_COLUMNS.values()
    )


def _profiles() -> tuple[Check, ...]:
    profiles = Subject(PROFILE, _REMEDY)
    filled = ", ".join(f"count({column}) as {column}" for column in FILLED)
    twins = "lower(full_name), coalesce(birth_on::varchar, ''), coalesce(lower(postal_code), '')"
    return (
        profiles.measured(
            "acquisition_channels_are_usual",
            "No acquisition channel has suddenly a much larger or smaller share of the people.",
            _shares(
                f"select coalesce(acquisition_channel, 'none') as category, count(*) as category_count from {PROFILE} "
                "group by 1"
            ),
            CHANNEL_SHARES,
        ),
        profiles.measured(
            "known_people_are_filled_as_usual",
            f"Known people do not lack {', '.join(FILLED)} more often than before.",
            f"""with filled as (select count(*) as people_count, {filled} from {PROFILE} where is_identified)
            select category, null as batch,
                case when people_count >= {PEOPLE_WORTH_A_SHARE} then 1 - filled_count / people_count end as value,
                people_count as sample_size, true as is_judged
            from (unpivot filled on {", ".join(FILLED)} into name category value filled_count)""",
            BLANK_SHARES,
        ),
        profiles.measured(
            "people_are_not_doubled",
            "Not suddenly more known people share name, birthday and postal code with another one.",
            f"""with twins as (
                select count(*) as people_count from {PROFILE}
                where full_name is not null and (birth_on is not null or postal_code is not null) group by {twins}
            )
            select 'doubled share' as category, null as batch,
                case when sum(people_count) >= {PEOPLE_WORTH_A_SHARE}
                    then coalesce(sum(people_count) filter (where people_count > 1), 0) / sum(people_count)
                end as value,
                coalesce(sum(people_count), 0)::bigint as sample_size, true as is_judged
            from twins""",
            DOUBLE_SHARES,
        ),
    )


def _channels() -> tuple[Check, ...]:
    touchpoints = Subject(TOUCHPOINTS, _REMEDY)
    return (
        touchpoints.measured(
            "channels_are_usual",
            f"No channel has suddenly a much larger or smaller share of the touchpoints of {TOUCHPOINT_DAYS} days.",
            _shares(
                f"""select coalesce(channel, 'none') as category, count(*) as category_count from {TOUCHPOINTS}
                where occurred_at >= :as_of - {TOUCHPOINT_DAYS - 1} and occurred_at < :as_of + 1 group by 1"""
            ),
            CHANNEL_SHARES,
            severity=Severity.WARN,
        ),
    )


def _shares(counts: str) -> str:
    """The share of every category in a query of `category` and `category_count`."""
    return f"""select category, null as batch,
        case when sum(category_count) over () >= {PEOPLE_WORTH_A_SHARE}
            then category_count / sum(category_count) over () end as value,
        (sum(category_count) over ())::bigint as sample_size, true as is_judged
    from ({counts})"""
