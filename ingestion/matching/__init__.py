"""Which contacts without a common identifier are probably one person: probabilities by the Fellegi-Sunter model.

A probability is a proposal, never a decision: what is done with it is told by `dbt_project/models/identity` and by
people. The library (Splink) is optional and imported only when there is something to compare; it runs in a database of
its own in memory, and nothing it reads leaves this process.
"""
