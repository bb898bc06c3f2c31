"""One row per channel of a path: how much of the probability of an order is gone when the channel is taken away."""


def model(dbt, session):
    from ingestion.attribution import removal_effect_table

    dbt.config(materialized="table")
    return removal_effect_table(dbt.ref("channel_transitions"))
