"""The sample company: a seeded simulation that writes contract files and, beside them, the truth behind them.

Everything here invents data. Reading files belongs to `ingestion.files`, the columns to `ingestion.contract`; nothing
in the warehouse reads the truth, only tests and benchmarks compare with it.
"""
