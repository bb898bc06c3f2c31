"""The assets, by layer: what is loaded, what dbt builds, what is published."""
