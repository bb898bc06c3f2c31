"""The assets, by layer: what is loaded, what dbt builds, what is published."""

import warnings

from dagster import BetaWarning

# The terminal tells what a run does; that Dagster may change how owners are named is not news to its user.
warnings.filterwarnings("ignore", message="Parameter `owners`", category=BetaWarning)
