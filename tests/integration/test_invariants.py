"""What holds for every company at every as_of: one stage at a time, nobody lost between two months."""

import shutil
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.integration.compiled_models import CompiledModels, build
from tests.integration.random_company import DAYS, START, RandomCompany
from tests.integration.tiny_company import TinyCompany

LAST = START + timedelta(days=DAYS)
SOME_TIME = st.dates(date(2023, 6, 1), LAST.date())

BROKEN_STAYS = """
select customer_id, model, entered_at, left_at from (
    select *, lead(entered_at) over (partition by customer_id, model order by entered_at) as next_entered_at
    from marts.customer_stage_history
)
where left_at is distinct from next_entered_at or left_at <= entered_at or is_current <> (left_at is null)
"""
FIRST_STAYS = """
select customer_id, model, min(entered_at) as entered_at from marts.customer_stage_history group by all
except
select profile.customer_id, stages.model, profile.first_touchpoint_at
from marts.customer_profile as profile cross join (select distinct model from marts.lifecycle_stages) as stages
"""
STAGES_AT = """
select profile.customer_id, stages.model, count(history.stage)
from marts.customer_profile as profile
cross join (select distinct model from marts.lifecycle_stages) as stages
left join marts.customer_stage_history as history
    on history.customer_id = profile.customer_id and history.model = stages.model
    and history.entered_at <= timestamp '{instant}'
    and (history.left_at is null or history.left_at > timestamp '{instant}')
where profile.first_touchpoint_at <= timestamp '{instant}'
group by all
having count(history.stage) <> 1
"""
MOVEMENT = """
select * from (
    select *, lead(customers_at_start_count - moved_in_count + moved_out_count) over (
        partition by segment_dimension, segment order by period_start
    ) as next_start_count
    from marts.kpi_customer_movement
)
where customers_at_end_count <> customers_at_start_count + new_count + reactivated_count - lost_count
    or next_start_count <> customers_at_end_count
    or (segment_dimension <> 'customer_segment' and moved_in_count + moved_out_count > 0)
    or least(customers_at_start_count, customers_at_end_count, lost_at_start_count, contracts_at_start_count) < 0
"""
SEGMENTS_OF_MOVEMENT = """
select period_start, segment_dimension, sum(customers_at_end_count), sum(new_count), sum(lost_count)
from marts.kpi_customer_movement group by all
except
select dimensions.period_start, dimensions.segment_dimension, everybody.customers_at_end_count, everybody.new_count,
    everybody.lost_count
from (select distinct period_start, segment_dimension from marts.kpi_customer_movement) as dimensions
join (select * from marts.kpi_customer_movement where segment_dimension = 'all') as everybody
    on everybody.period_start = dimensions.period_start
"""
# Told anew from the history of stages: whom a month began with, in which segment, and how many of them it ended with.
CUSTOMERS_OF_SEGMENTS = """
with
months as (
    select distinct period_start,
        period_start::timestamp at time zone 'Europe/Berlin' at time zone 'UTC' as begins_at,
        least(
            (period_start + interval 1 month) at time zone 'Europe/Berlin' at time zone 'UTC', getvariable('as_of_end')
        ) as ends_at
    from marts.kpi_customer_movement
),
people as (
    select months.period_start, coalesce(began.stage, 'none') as segment,
        began.stage in ('first_time_buyer', 'repeat_buyer', 'regular', 'reactivated') as is_at_start,
        ended.stage in ('first_time_buyer', 'repeat_buyer', 'regular', 'reactivated') as is_at_end
    from marts.customer_stage_history as ended
    join months on ended.entered_at < months.ends_at and (ended.left_at is null or ended.left_at >= months.ends_at)
    left join marts.customer_stage_history as began
        on began.customer_id = ended.customer_id and began.model = ended.model
        and began.entered_at < months.begins_at and (began.left_at is null or began.left_at >= months.begins_at)
    where ended.model = 'three_r'
),
told as (
    select period_start, segment, count(*) filter (where is_at_start) as start_count,
        count(*) filter (where is_at_end) as end_count
    from people group by all having start_count + end_count > 0
)
select * from told full join (
    select * from marts.kpi_customer_movement
    where segment_dimension = 'customer_segment' and customers_at_start_count + customers_at_end_count > 0
) as movement using (period_start, segment)
where customers_at_start_count is distinct from start_count or customers_at_end_count is distinct from end_count
"""
# Those of people: a customer segment stands for each of them.
SEGMENTS_OF_SUMMARY = """
with sums as (
    select kpi, period_start, split_part(segment, ':', 1) as dimension, sum(numerator) as numerator,
        sum(denominator) as denominator
    from marts.kpi_summary
    where kpi in (
        'average_transaction_value', 'purchase_frequency', 'repeat_purchase_rate', 'churn_rate', 'win_back_rate',
        'subscription_churn_rate', 'historic_revenue_per_customer', 'categories_per_buyer', 'cross_sell_rate',
        'value_growth', 'nps', 'csat', 'ces', 'email_open_rate', 'email_click_rate', 'web_engagement_rate',
        'loyalty_engagement_rate', 'engagement_rate', 'referral_rate', 'review_rate', 'recommended_customer_rate',
        'tickets_per_customer', 'self_service_rate'
    )
    group by all
)
select * from (from sums where dimension = 'all') as everybody
left join (from sums where dimension = 'customer_segment') as parts using (kpi, period_start)
where abs(everybody.numerator - parts.numerator) > 0.000001 or everybody.denominator <> parts.denominator
    or parts.dimension is null and everybody.denominator > 0
"""
WORTH_OF_SEGMENTS = """
with
people as (
    select 'customer_segment:' || customer_segment as segment, sum(revenue_amount)::double, count(*)
    from marts.customer_profile where order_count > 0 group by all
),
told as (
    select segment, numerator, denominator from marts.kpi_summary
    where kpi = 'historic_revenue_per_customer' and period_start = date_trunc('month', as_of)
        and segment like 'customer_segment:%' and denominator > 0
)
(from people except from told) union all (from told except from people)
"""
CONVERSIONS = """
select * from marts.kpi_stage_conversion
where converted_count + open_count > entered_count or conversion_rate not between 0 and 1
    or (is_mature and open_count > 0)
"""
ILLEGAL_MOVES = """
select history.model, history.previous_stage, history.stage, count(*)
from marts.customer_stage_history as history
left join lifecycle.lifecycle_moves as legal
    on legal.model = history.model and legal.from_stage is not distinct from history.previous_stage
    and legal.to_stage = history.stage
where legal.model is null
group by all
"""
SCORES = """
select 'nps', nps from marts.journey_map where nps not between -100 and 100
union all
select 'nps', nps from marts.segment_profile where nps not between -100 and 100
union all
select kpi, value from marts.kpi_summary where kpi = 'nps' and value not between -100 and 100
union all
select survey_type, score from marts.kpi_satisfaction
where least(score, ci_low, ci_high) < case survey_type when 'nps' then -100 when 'csat' then 0 else 1 end
    or greatest(score, ci_low, ci_high) > case survey_type when 'nps' then 100 when 'csat' then 1 else 7 end
"""
CHANNELS = """
select sum(order_count), sum(revenue_amount) from marts.kpi_transactions having count(*) > 0
except
select count(*), sum(revenue_amount) from conformed.crm_orders where is_purchase
"""
CREDITS = """
select source, order_id, model, sum(credit), sum(revenue_amount) from marts.kpi_attribution group by all
except
select orders.source, orders.order_id, models.model, 1, orders.revenue_amount
from conformed.crm_orders as orders
cross join (select distinct model from marts.kpi_attribution) as models
where orders.is_purchase
"""
ACQUISITION = """
select acquisition.*, attribution.*
from (
    unpivot (
        select
            sum(first_conversions_count) as first, sum(last_conversions_count) as last,
            sum(linear_conversions_count) as linear, sum(position_based_conversions_count) as position_based,
            sum(time_decay_conversions_count) as time_decay, sum(data_driven_conversions_count) as data_driven
        from marts.kpi_acquisition
    ) on first, last, linear, position_based, time_decay, data_driven into name model value conversions
) as acquisition
join (
    select model, sum(credit) as credits from marts.kpi_attribution group by model
) as attribution using (model)
where abs(conversions - credits) > 0.000001
"""
SPEND = """
select sum(spend_amount), sum(sales_cost_amount), sum(impressions), sum(clicks) from marts.kpi_acquisition
except
select
    sum(spend_amount) filter (where platform <> 'sales'), sum(spend_amount) filter (where platform = 'sales'),
    sum(impressions) filter (where platform <> 'sales'), sum(clicks) filter (where platform <> 'sales')
from (
    select platform, spend_amount, impressions, clicks from conformed.social_ad_spend
    union all
    select platform, null, impressions, clicks from conformed.social_page_metrics
)
"""
ALWAYS_EMPTY = {
    "stays join without gap or overlap": BROKEN_STAYS,
    "the first stay begins with the first touchpoint": FIRST_STAYS,
    "customers at the end add up and are those of the next start": MOVEMENT,
    "customers of a segment are those whom the month found in it": CUSTOMERS_OF_SEGMENTS,
    "customer segments of the summary add up to everybody": SEGMENTS_OF_SUMMARY,
    "segments are worth what their people are": WORTH_OF_SEGMENTS,
    "segments of a month add up to everybody": SEGMENTS_OF_MOVEMENT,
    "conversions are never more than entries": CONVERSIONS,
    "every move is legal": ILLEGAL_MOVES,
    "scores and their intervals lie on their scales": SCORES,
    "channels add up to all orders": CHANNELS,
    "credits of an order add up to one and its revenue": CREDITS,
    "conversions of the channels are all credits": ACQUISITION,
    "channels cost what was spent, with all that was seen and clicked": SPEND,
}


EXAMPLES, PEOPLE = 8, 50


@pytest.fixture(scope="module")
def models(ten_people_today, tmp_path_factory):
    directory = tmp_path_factory.mktemp("invariants")
    shutil.copytree(ten_people_today.directory, directory, dirs_exist_ok=True)
    return CompiledModels(TinyCompany(directory), "path:dbt_project/models")


def deliver(connection, company):
    for load_seq, (name, rows) in enumerate(company.rows.items(), start=1):
        for number, row in enumerate(rows, start=1):
            cells = {column: cell for column, cell in row.items() if cell != ""}
            cells |= {"_load_seq": load_seq, "_row_number": number}
            columns, marks = ", ".join(cells), ", ".join("?" for _ in cells)
            connection.execute(
                f"insert into raw_files.{name.replace('__', '_')} ({columns}) values ({marks})", list(cells.values())
            )


@pytest.mark.slow
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    # An example takes many seconds: a smaller one that fails as well is not searched for.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(0, 2**32 - 1), days=st.lists(SOME_TIME, min_size=2, max_size=2, unique=True))
def test_whatever_happens_to_people_the_invariants_hold_at_any_as_of(models, seed, days):
    with models.warehouse() as connection:
        deliver(connection, RandomCompany(seed, PEOPLE))
        # The later day first: a past as_of is built on what a later one left.
        for as_of in sorted(days, reverse=True):
            build(connection, models.incremental, as_of, models.company.settings.timezone)
            broken = {claim: rows for claim, sql in ALWAYS_EMPTY.items() if (rows := found(connection, sql))}
            assert broken == {}, f"seed {seed}, as of {as_of}"
            for instant in instants_before(as_of):
                nowhere = found(connection, STAGES_AT.format(instant=instant))
                assert nowhere == [], f"seed {seed}, as of {as_of}, {instant}"


def found(connection, query):
    return connection.execute(query).fetchall()


def instants_before(as_of):
    """Ends of days and the grid's own instants, up to as_of."""
    noon = datetime(as_of.year, as_of.month, as_of.day, 12)
    return [noon - timedelta(days=days, hours=hours) for days in (0, 40, 150) for hours in (0, 2, 13)]
