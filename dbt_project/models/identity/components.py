"""One row per identifier: the component it belongs to, named by the number of the component's oldest identifier."""


def model(dbt, session):
    import numpy
    import pyarrow

    from ingestion.identifiers.resolution import connected_components

    dbt.config(materialized="table")
    links = dbt.ref("links").fetchnumpy()
    count = dbt.ref("identifiers").aggregate("count(*)").fetchone()[0]
    component = connected_components(count, links["left_number"] - 1, links["right_number"] - 1)

    return pyarrow.table({"identifier_number": numpy.arange(1, count + 1), "component_number": component + 1})
