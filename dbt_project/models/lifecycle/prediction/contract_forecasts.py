"""One row per age of running contracts: what the model of contracts expects; no rows while it is not used."""


def model(dbt, session):
    from ingestion.prediction.tables import contract_forecast_table

    dbt.config(materialized="table")
    return contract_forecast_table(
        contracts=dbt.ref("contract_histories"), fits=dbt.ref("model_fits"), terms=dbt.ref("prediction_terms")
    )
