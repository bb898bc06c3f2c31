"""What customers will do: probability models on arrays of numbers, without database, names or dates.

Which histories are looked at is decided in the models of `dbt_project/models/lifecycle/prediction`; they hand over
counts, times and amounts through `tables.py` and keep what comes back. Whether a model may be used is decided in
`validation.py`. The definitions of the figures, in words of the warehouse, stand with the dbt models.
"""
