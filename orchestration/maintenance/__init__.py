"""Maintenance: a tested backup, a file without holes, and no more history than somebody will read.

Belongs here: backing up and restoring the warehouse, rebuilding its file, dropping old runs, reports and alerts.
Published generations are dropped when a new one comes (`orchestration/publish/`). Nothing here changes what a table
holds.
"""
