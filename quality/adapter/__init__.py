"""The adapter that lets Great Expectations work inside DuckDB by SQL.

Great Expectations has no DuckDB data source. `dialect.py` gives it one, `session.py` runs expectations through it on
the open warehouse connection, `outcomes.py` turns its results into plain judgements without personal data. What is
expected of which table is not known here: that is `quality/suites/`.
"""
