"""The dbt layers in the order they are built: one Dagster step each, so that a gate can stop the next.

Only the list lives here; the assets are made from it in `assets/dbt.py`, the gates that stand between in `checks.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

MODELS = "path:dbt_project/models"
SEEDS = "path:dbt_project/seeds"
# What nobody reads here: artifacts for other tools, and a second log beside what dbt prints.
QUIET = ("--no-write-json", "--log-level-file", "none")


@dataclass(frozen=True, slots=True)
class Layer:
    """One step of the build.

    Args:
        name: name of the Dagster step.
        select: dbt selection of its models and seeds.
        exclude: dbt selection taken out again.
        description: what the layer does, for the UI.
    """

    name: str
    select: str
    description: str
    exclude: str = ""

    @property
    def selection(self) -> list[str]:
        """The selection as arguments of dbt, in the way the library writes them behind `dbt_arguments`."""
        return ["--select", self.select, *(["--exclude", self.exclude] if self.exclude else [])]

    def dbt_arguments(self, *, full_refresh: bool) -> list[str]:
        """What dbt is asked to do with the selection of this layer."""
        arguments = [*QUIET, "build", "--exclude-resource-type", "unit_test"]
        return [*arguments, "--full-refresh"] if full_refresh else arguments


LAYERS: tuple[Layer, ...] = (
    Layer(
        "staging",
        f"{MODELS}/staging {SEEDS}",
        "Delivered rows renamed and normalised, one to one; the rules that are data.",
    ),
    Layer("conformed", f"{MODELS}/conformed", "One table per entity of the contract, all sources together."),
    Layer("identity", f"{MODELS}/identity", "Which identifiers belong to the same person."),
    Layer("lifecycle", f"{MODELS}/lifecycle", "Touchpoints and the stays in every lifecycle model."),
    Layer("profile", f"{MODELS}/marts/customer", "The customer profile and the tables beside it."),
    Layer("marts", f"{MODELS}/marts", "KPI and journey marts.", exclude=f"{MODELS}/marts/customer"),
)
