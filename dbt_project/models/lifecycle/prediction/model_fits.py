"""One row per prediction model and purpose: its parameters, how it did in the hold-out time, whether it is used."""


def model(dbt, session):
    from ingestion.prediction.tables import fit_table

    dbt.config(materialized="table")
    return fit_table(
        orders=dbt.ref("order_histories"),
        contracts=dbt.ref("contract_histories"),
        terms=dbt.ref("prediction_terms"),
    )
