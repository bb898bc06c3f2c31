"""One row per customer with orders: what the model of orders expects; no rows while it is not used."""


def model(dbt, session):
    from ingestion.prediction.tables import order_forecast_table

    dbt.config(materialized="table")
    return order_forecast_table(
        orders=dbt.ref("order_histories"), fits=dbt.ref("model_fits"), terms=dbt.ref("prediction_terms")
    )
