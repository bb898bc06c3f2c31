"""Gate 3, the marts about what customers are worth: value, fitted models, RFM, categories bought together."""

from __future__ import annotations

from quality.suites.mart import Mart, subject_of

_clv = subject_of("kpi_clv")
_fits = subject_of("clv_model_fit")
_rfm = subject_of("kpi_rfm")
_cross_sell = subject_of("kpi_cross_sell")

_METHODS = ("bg_nbd_gamma_gamma", "contract_survival", "contract_end", "historic")
_PREDICTED = "coalesce(predicted_clv_12m_amount, predicted_clv_36m_amount)"

CLV = Mart(
    "kpi_clv",
    key=("customer_id",),
    columns=(
        *("historic_revenue_amount", "historic_contribution_amount", "first_day_amount", "mean_repeat_amount"),
        *("predicted_clv_12m_amount", "predicted_clv_36m_amount", "value_basis", "method", "reason"),
        *("value_growth_ratio", "churn_method"),
    ),
    rates=("probability_alive", "churn_risk_rate"),
    counts=("frequency", "recency_days", "age_days", "predicted_orders_12m"),
    statements=(
        *_clv.filled("method", "value_basis"),
        _clv.one_of("method", _METHODS),
        _clv.one_of("churn_method", ("bg_nbd", "cadence", "contract_survival", "contract_end")),
        _clv.one_of("value_basis", ("contribution", "revenue")),
        _clv.ordered("recency_days", "age_days"),
        _clv.none(
            "a_prediction_or_the_reason_why_there_is_none",
            "Every customer has either predicted amounts or the reason why there are none.",
            f"""select 1 from marts.kpi_clv
            where (method = 'historic') is distinct from ({_PREDICTED} is null)
                or (method = 'historic') is distinct from (reason is not null)""",
        ),
        _clv.none(
            "predictions_come_from_models_in_use",
            "Order values are predicted only while both of their models are used, contracts only while theirs is.",
            """select 1 from marts.kpi_clv where
                method = 'bg_nbd_gamma_gamma' and (select count(*) from marts.clv_model_fit
                    where is_used and model in ('bg_nbd', 'gamma_gamma')) < 2
                or method = 'contract_survival' and not exists (select 1 from marts.clv_model_fit
                    where is_used and model = 'shifted_beta_geometric')""",
            reads=("marts.clv_model_fit",),
        ),
        _clv.none(
            "agrees_with_the_profile",
            "Predictions and value so far are those of the customer's profile.",
            """select 1 from marts.kpi_clv as clv
            left join marts.customer_profile as profile on profile.customer_id = clv.customer_id
            where profile.customer_id is null
                or clv.probability_alive is distinct from profile.probability_alive
                or clv.churn_risk_rate is distinct from profile.churn_risk_rate
                or clv.predicted_clv_36m_amount is distinct from profile.predicted_clv_36m_amount
                or coalesce(clv.historic_revenue_amount, 0) <> profile.revenue_amount""",
            reads=("marts.customer_profile",),
        ),
        _clv.none(
            "holds_every_buyer",
            "Every buyer has a value.",
            """select customer_id from marts.customer_profile where order_count > 0
            except select customer_id from marts.kpi_clv""",
            reads=("marts.customer_profile",),
        ),
    ),
)

FITS = Mart(
    "clv_model_fit",
    key=("model", "purpose"),
    columns=(
        *("parameters", "log_likelihood", "calibration_end", "holdout_expected", "holdout_actual"),
        *("frequency_value_correlation", "is_used", "reason"),
    ),
    counts=("customer_count", "holdout_days", "holdout_error", "naive_holdout_error"),
    may_be_empty=False,
    statements=(
        *_fits.filled("is_used", "calibration_end"),
        _fits.between("frequency_value_correlation", -1, 1),
        _fits.none(
            "used_models_beat_the_naive_forecast",
            "A model is used only where its validation beat the naive forecast.",
            """select 1 from marts.clv_model_fit as used
            where used.is_used and not exists (
                select 1 from marts.clv_model_fit as validation
                where validation.model = used.model and validation.purpose = 'validation'
                    and validation.holdout_error < validation.naive_holdout_error
            )""",
        ),
        _fits.none(
            "unused_forecasts_say_why",
            "A forecast that is not used has a reason, one that is used has none.",
            """select 1 from marts.clv_model_fit
            where purpose = 'forecast' and is_used is distinct from (reason is null)""",
        ),
    ),
)

RFM = Mart(
    "kpi_rfm",
    key=("customer_id",),
    columns=("revenue_amount", "recency_score", "frequency_score", "monetary_score", "rfm_segment"),
    sizes=("order_count",),
    counts=("recency_days",),
    statements=(
        *(_rfm.between(f"{part}_score", 1, 5) for part in ("recency", "frequency", "monetary")),
        *_rfm.filled("recency_score", "frequency_score", "monetary_score", "rfm_segment"),
        _rfm.none(
            "equal_values_get_equal_scores",
            "Customers with the same number of orders have the same frequency score, and so for the others.",
            """select 1 from marts.kpi_rfm group by order_count having count(distinct frequency_score) > 1
            union all
            select 1 from marts.kpi_rfm group by recency_days having count(distinct recency_score) > 1
            union all
            select 1 from marts.kpi_rfm group by revenue_amount having count(distinct monetary_score) > 1""",
        ),
        _rfm.figure(
            "holds_every_buyer",
            "Every buyer has a row.",
            """select abs((select count(*) from marts.kpi_rfm)
                - (select count(*) from marts.customer_profile where order_count > 0))""",
            reads=("marts.customer_profile",),
            minimum=0,
            maximum=0,
        ),
    ),
)

CROSS_SELL = Mart(
    "kpi_cross_sell",
    key=("category", "other_category"),
    rates=("both_rate",),
    sizes=("category_customer_count", "other_category_customer_count", "buyer_count", "customers_with_both_count"),
    counts=("customers_in_order_count", "lift", "median_days_between"),
    statements=(
        _cross_sell.ordered("customers_with_both_count", "category_customer_count"),
        _cross_sell.ordered("customers_in_order_count", "customers_with_both_count"),
        _cross_sell.none(
            "pairs_are_the_same_in_both_orders",
            "As many customers bought A and B as B and A, with the same lift.",
            """select 1 from marts.kpi_cross_sell as pair
            left join marts.kpi_cross_sell as turned
                on turned.category = pair.other_category and turned.other_category = pair.category
            where turned.customers_with_both_count is distinct from pair.customers_with_both_count
                or turned.lift is distinct from pair.lift""",
        ),
    ),
)

MARTS = (CLV, FITS, RFM, CROSS_SELL)
