"""One row per decision of a person that is not followed because another decision says the opposite."""


def model(dbt, session):
    from ingestion.identifiers.tables import refused_override_table

    dbt.config(materialized="table")
    return refused_override_table(dbt.ref("overrides"))
